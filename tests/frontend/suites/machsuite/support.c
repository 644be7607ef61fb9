#include "support.h"
#include <stdarg.h>
#include <errno.h>

char *readfile(int fd) {
  struct stat status;
  char *text;
  ssize_t done, sum = 0;
  assert(fd > 1 && "no file");
  assert(0 == fstat(fd, &status) && "no status");
  text = (char *)malloc(status.st_size + 1);
  while (sum < status.st_size) {
    done = read(fd, &text[sum], status.st_size - sum);
    assert(done >= 0);
    sum += done;
  }
  text[status.st_size] = '\0';
  close(fd);
  return text;
}

char *find_section_start(char *text, int number) {
  int seen = 0;
  while (*text && seen < number) {
    if (text[0] == '%' && text[1] == '%' && text[2] == '\n') { seen++; text += 2; }
    text++;
  }
  return text;
}

#define GENERATE_READER(type, convert) \
SECTION_READER(type) { \
  char *end = text; \
  int i; \
  for (i = 0; i < count; i++) { to[i] = (type)convert; text = end; } \
  return 0; \
}
GENERATE_READER(uint8_t, strtol(text, &end, 10))
GENERATE_READER(int32_t, strtol(text, &end, 10))
GENERATE_READER(int64_t, strtoll(text, &end, 10))
GENERATE_READER(double, strtod(text, &end))
GENERATE_READER(float, strtof(text, &end))

static inline void fd_printf(int fd, const char *format, ...) {
  va_list args;
  char buffer[256];
  int wrote, sum = 0, length;
  va_start(args, format);
  length = vsnprintf(buffer, 256, format, args);
  va_end(args);
  while (sum < length) { wrote = write(fd, buffer + sum, length - sum); assert(wrote >= 0); sum += wrote; }
}

#define GENERATE_WRITER(type, format) \
SECTION_WRITER(type) { \
  int i; \
  for (i = 0; i < count; i++) fd_printf(fd, "%" format "\n", from[i]); \
  return 0; \
}
GENERATE_WRITER(uint8_t, PRIu8)
GENERATE_WRITER(int32_t, PRId32)
GENERATE_WRITER(int64_t, PRId64)
GENERATE_WRITER(double, ".16f")
GENERATE_WRITER(float, ".16f")
