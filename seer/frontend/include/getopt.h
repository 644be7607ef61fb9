/* Declarations only: enough for files that hold a test bench beside the kernel. */
#ifndef SEER_GETOPT_H
#define SEER_GETOPT_H
#include <unistd.h>
#ifdef __cplusplus
extern "C" {
#endif
struct option {
    const char *name;
    int has_arg;
    int *flag;
    int val;
};
#define no_argument 0
#define required_argument 1
#define optional_argument 2
int getopt_long(int count, char *const arguments[], const char *options, const struct option *all, int *found);
#ifdef __cplusplus
}
#endif
#endif
