#include <stdlib.h>
#include <stdio.h>
#include "support.h"
#define NNZ 26
#define N 10
#define L 4
#define TYPE double
void spmv(TYPE val[NNZ], int32_t cols[NNZ], int32_t rowDelimiters[N+1], TYPE vec[N], TYPE out[N]);
void ellpack(TYPE nzval[N*L], int32_t cols[N*L], TYPE vec[N], TYPE out[N]);
struct bench_args_t {
  TYPE val[NNZ];
  int32_t cols[NNZ];
  int32_t rowDelimiters[N+1];
  TYPE vec[N];
  TYPE out[N];
  TYPE nzval[N*L];
  int32_t ell[N*L];
};
