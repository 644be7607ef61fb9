/* Declarations only: enough for files that hold a test bench beside the kernel. */
#ifndef SEER_STRING_H
#define SEER_STRING_H
#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif
void *memcpy(void *to, const void *from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int value, size_t size);
int memcmp(const void *left, const void *right, size_t size);
size_t strlen(const char *text);
int strcmp(const char *left, const char *right);
int strncmp(const char *left, const char *right, size_t size);
char *strcpy(char *to, const char *from);
char *strncpy(char *to, const char *from, size_t size);
size_t strnlen(const char *text, size_t most);
char *strdup(const char *text);
char *strchr(const char *text, int character);
char *strrchr(const char *text, int character);
char *strstr(const char *text, const char *part);
char *strtok(char *text, const char *separators);
char *strtok_r(char *text, const char *separators, char **state);
size_t strspn(const char *text, const char *set);
size_t strcspn(const char *text, const char *set);
char *strpbrk(const char *text, const char *set);
char *strerror(int number);
char *strncat(char *to, const char *from, size_t size);
void *memchr(const void *block, int character, size_t size);
char *strcat(char *to, const char *from);
#ifdef __cplusplus
}
namespace std {
using ::memcpy;
using ::memmove;
using ::memset;
using ::memcmp;
using ::strlen;
using ::strcmp;
using ::strncmp;
using ::strcpy;
using ::strncpy;
using ::strcat;
using ::strchr;
using ::strstr;
using ::strtok;
} // namespace std
#endif
#endif
