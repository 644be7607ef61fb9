/* Declarations only: enough for files that hold a test bench beside the kernel. */
#ifndef SEER_SYS_RESOURCE_H
#define SEER_SYS_RESOURCE_H
#include <sys/time.h>
#ifdef __cplusplus
extern "C" {
#endif
#define RUSAGE_SELF 0
#define RLIMIT_STACK 3
struct rusage {
    struct timeval ru_utime;
    struct timeval ru_stime;
    long ru_maxrss;
};
struct rlimit {
    unsigned long rlim_cur;
    unsigned long rlim_max;
};
int getrusage(int who, struct rusage *to);
int getrlimit(int which, struct rlimit *to);
int setrlimit(int which, const struct rlimit *from);
#ifdef __cplusplus
}
#endif
#endif
