/* Declarations only: enough for files that hold a test bench beside the kernel. */
#ifndef SEER_ALLOCA_H
#define SEER_ALLOCA_H
#define alloca(size) __builtin_alloca(size)
#endif
