/* Declarations only: enough for files that hold a test bench beside the kernel. */
#ifndef SEER_MALLOC_H
#define SEER_MALLOC_H
#include <stdlib.h>
#ifdef __cplusplus
extern "C" {
#endif
void *memalign(size_t alignment, size_t size);
#ifdef __cplusplus
}
#endif
#endif
