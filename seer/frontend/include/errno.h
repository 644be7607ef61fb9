/* Declarations only: enough for files that hold a test bench beside the kernel. */
#ifndef SEER_ERRNO_H
#define SEER_ERRNO_H
#ifdef __cplusplus
extern "C" {
#endif
#define EPERM 1
#define ENOENT 2
#define EINTR 4
#define EIO 5
#define EAGAIN 11
#define ENOMEM 12
#define EACCES 13
#define EEXIST 17
#define EINVAL 22
#define EDOM 33
#define ERANGE 34
int *__errno_location(void);
#define errno (*__errno_location())
#ifdef __cplusplus
}
#endif
#endif
