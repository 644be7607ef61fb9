/* Declarations only: enough for files that hold a test bench beside the kernel. */
#ifndef SEER_TIME_H
#define SEER_TIME_H
#include <sys/types.h>
#ifdef __cplusplus
extern "C" {
#endif
#define CLOCKS_PER_SEC 1000000L
#define CLOCK_REALTIME 0
#define CLOCK_MONOTONIC 1
#define CLOCK_PROCESS_CPUTIME_ID 2
struct timespec {
    time_t tv_sec;
    long tv_nsec;
};
struct tm {
    int tm_sec, tm_min, tm_hour, tm_mday, tm_mon, tm_year, tm_wday, tm_yday, tm_isdst;
};
time_t time(time_t *to);
clock_t clock(void);
double difftime(time_t end, time_t begin);
int clock_gettime(clockid_t which, struct timespec *to);
int nanosleep(const struct timespec *wanted, struct timespec *left);
struct tm *localtime(const time_t *time);
struct tm *gmtime(const time_t *time);
time_t mktime(struct tm *time);
char *ctime(const time_t *time);
char *asctime(const struct tm *time);
size_t strftime(char *to, size_t size, const char *format, const struct tm *time);
#ifdef __cplusplus
}
#endif
#endif
