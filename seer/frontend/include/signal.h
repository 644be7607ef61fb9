/* Declarations only: enough for files that hold a test bench beside the kernel. */
#ifndef SEER_SIGNAL_H
#define SEER_SIGNAL_H
#ifdef __cplusplus
extern "C" {
#endif
#define SIGABRT 6
#define SIGFPE 8
#define SIGSEGV 11
#define SIGTERM 15
#define SIGINT 2
void (*signal(int number, void (*handler)(int)))(int);
int raise(int number);
#ifdef __cplusplus
}
#endif
#endif
