#include <stdio.h>
#include <stdlib.h>
#include "support.h"
#define TYPE double
#define row_size 4
#define col_size 4
#define N row_size*col_size
#define block_size 2
#define NUMOFBLOCKS N/block_size/block_size
#define mult(a,b) ((a)*(b))
void gemm(TYPE m1[N], TYPE m2[N], TYPE prod[N]);
void bbgemm(TYPE m1[N], TYPE m2[N], TYPE prod[N]);
struct bench_args_t {
  TYPE m1[N];
  TYPE m2[N];
  TYPE prod[N];
};
