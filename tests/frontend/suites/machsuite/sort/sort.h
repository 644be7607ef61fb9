#include <stdio.h>
#include <stdlib.h>
#include <inttypes.h>
#include "support.h"
#define TYPE int32_t
#define TYPE_MAX INT32_MAX
#define SIZE 32
#define NUMOFBLOCKS 8
#define ELEMENTSPERBLOCK 4
#define RADIXSIZE 4
#define BUCKETSIZE NUMOFBLOCKS*RADIXSIZE
#define MASK 0x3
#define SCAN_BLOCK 4
#define SCAN_RADIX BUCKETSIZE/SCAN_BLOCK
#define BUFFER_A 0
#define BUFFER_B 1
void ms_mergesort(TYPE a[SIZE]);
void ss_sort(int a[SIZE], int b[SIZE], int bucket[BUCKETSIZE], int sum[SCAN_RADIX]);
struct bench_args_t { TYPE a[SIZE]; int b[SIZE]; int bucket[BUCKETSIZE]; int sum[SCAN_RADIX]; };
