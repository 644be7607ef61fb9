/* Declarations only: enough for files that hold a test bench beside the kernel. */
#ifndef SEER_UNISTD_H
#define SEER_UNISTD_H
#include <sys/types.h>
#ifdef __cplusplus
extern "C" {
#endif
#define STDIN_FILENO 0
#define STDOUT_FILENO 1
#define STDERR_FILENO 2
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#define F_OK 0
#define X_OK 1
#define W_OK 2
#define R_OK 4
#define _SC_PAGESIZE 30
extern char *optarg;
extern int optind;
int getopt(int count, char *const arguments[], const char *options);
ssize_t read(int file, void *to, size_t size);
ssize_t write(int file, const void *from, size_t size);
int close(int file);
off_t lseek(int file, off_t offset, int whence);
int access(const char *path, int mode);
int unlink(const char *path);
int chdir(const char *path);
char *getcwd(char *to, size_t size);
pid_t getpid(void);
unsigned int sleep(unsigned int seconds);
int usleep(unsigned int microseconds);
int isatty(int file);
int ftruncate(int file, off_t size);
long sysconf(int name);
void _exit(int status);
#ifdef __cplusplus
}
#endif
#endif
