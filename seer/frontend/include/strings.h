/* Declarations only: enough for files that hold a test bench beside the kernel. */
#ifndef SEER_STRINGS_H
#define SEER_STRINGS_H
#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif
int strcasecmp(const char *left, const char *right);
int strncasecmp(const char *left, const char *right, size_t size);
void bzero(void *to, size_t size);
int ffs(int value);
#ifdef __cplusplus
}
#endif
#endif
