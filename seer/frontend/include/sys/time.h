/* Declarations only: enough for files that hold a test bench beside the kernel. */
#ifndef SEER_SYS_TIME_H
#define SEER_SYS_TIME_H
#include <sys/types.h>
#include <time.h>
#ifdef __cplusplus
extern "C" {
#endif
struct timeval {
    time_t tv_sec;
    suseconds_t tv_usec;
};
struct timezone {
    int tz_minuteswest;
    int tz_dsttime;
};
int gettimeofday(struct timeval *to, void *zone);
#ifdef __cplusplus
}
#endif
#endif
