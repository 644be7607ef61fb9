/* Declarations only: enough for files that hold a test bench beside the kernel. */
#ifndef SEER_SETJMP_H
#define SEER_SETJMP_H
#ifdef __cplusplus
extern "C" {
#endif
typedef long jmp_buf[25];
int setjmp(jmp_buf to);
void longjmp(jmp_buf from, int value);
#ifdef __cplusplus
}
#endif
#endif
