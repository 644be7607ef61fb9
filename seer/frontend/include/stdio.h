/* Declarations only: enough for files that hold a test bench beside the kernel. */
#ifndef SEER_STDIO_H
#define SEER_STDIO_H
#include <stdarg.h>
#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif
typedef struct seer_file FILE;
extern FILE *stdin;
extern FILE *stdout;
extern FILE *stderr;
#define EOF (-1)
#define BUFSIZ 8192
#define FILENAME_MAX 4096
#ifndef SEEK_SET
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#endif
int printf(const char *format, ...);
int fprintf(FILE *file, const char *format, ...);
int sprintf(char *to, const char *format, ...);
int snprintf(char *to, size_t size, const char *format, ...);
int scanf(const char *format, ...);
int fscanf(FILE *file, const char *format, ...);
int puts(const char *text);
int putchar(int character);
FILE *fopen(const char *name, const char *mode);
int fclose(FILE *file);
int fflush(FILE *file);
size_t fread(void *to, size_t size, size_t count, FILE *file);
size_t fwrite(const void *from, size_t size, size_t count, FILE *file);
char *fgets(char *to, int size, FILE *file);
int sscanf(const char *text, const char *format, ...);
int vprintf(const char *format, va_list arguments);
int vfprintf(FILE *file, const char *format, va_list arguments);
int vsprintf(char *to, const char *format, va_list arguments);
int vsnprintf(char *to, size_t size, const char *format, va_list arguments);
int dprintf(int file, const char *format, ...);
FILE *freopen(const char *name, const char *mode, FILE *file);
FILE *fdopen(int file, const char *mode);
int fileno(FILE *file);
int fputs(const char *text, FILE *file);
int fputc(int character, FILE *file);
int putc(int character, FILE *file);
int fgetc(FILE *file);
int getc(FILE *file);
int getchar(void);
int ungetc(int character, FILE *file);
int feof(FILE *file);
int ferror(FILE *file);
void clearerr(FILE *file);
int fseek(FILE *file, long offset, int whence);
long ftell(FILE *file);
void rewind(FILE *file);
int remove(const char *name);
int rename(const char *from, const char *to);
int setvbuf(FILE *file, char *buffer, int mode, size_t size);
long getline(char **line, size_t *size, FILE *file);
void perror(const char *text);
#ifdef __cplusplus
}
namespace std {
using ::FILE;
using ::fclose;
using ::fflush;
using ::fopen;
using ::fprintf;
using ::fread;
using ::fscanf;
using ::fwrite;
using ::printf;
using ::puts;
using ::scanf;
using ::snprintf;
using ::sprintf;
using ::sscanf;
using ::putchar;
using ::perror;
using ::fgets;
using ::feof;
using ::fseek;
using ::ftell;
} // namespace std
#endif
#endif
