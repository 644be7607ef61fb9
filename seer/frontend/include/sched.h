/* Declarations only: enough for files that hold a test bench beside the kernel. */
#ifndef SEER_SCHED_H
#define SEER_SCHED_H
#include <sys/types.h>
#ifdef __cplusplus
extern "C" {
#endif
int sched_yield(void);
#ifdef __cplusplus
}
#endif
#endif
