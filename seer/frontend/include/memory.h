/* Declarations only: enough for files that hold a test bench beside the kernel. */
#ifndef SEER_MEMORY_H
#define SEER_MEMORY_H
#include <string.h>

#endif
