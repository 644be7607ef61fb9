/* trmm.c */
#include <stdio.h>
#include <unistd.h>
#include <string.h>
#include <math.h>

/* Sizes, types and bounds. */
#include "polybench.h"
#include "trmm.h"

static
void init_array(int m, int n, DATA_TYPE *alpha, DATA_TYPE POLYBENCH_2D(A,M,M,m,m), DATA_TYPE POLYBENCH_2D(B,M,N,m,n))
{
  int i0, i1, i2;
  *alpha = 1.5;
  for (i0 = 0; i0 < m; i0++)
  for (i1 = 0; i1 < m; i1++)
    A[i0][i1] = (DATA_TYPE) ((i0*1+i1*2+1) % 5) / 6;
  for (i0 = 0; i0 < m; i0++)
  for (i1 = 0; i1 < n; i1++)
    B[i0][i1] = (DATA_TYPE) ((i0*1+i1*2+1) % 5) / 6;
}

static
void print_array(int m, int n, DATA_TYPE POLYBENCH_2D(A,M,M,m,m))
{
  int i0, i1, i2;
  POLYBENCH_DUMP_START;
  POLYBENCH_DUMP_BEGIN("A");
  for (i0 = 0; i0 < m; i0++)
  for (i1 = 0; i1 < m; i1++)
  {
    if (i0 % 20 == 0) fprintf(POLYBENCH_DUMP_TARGET, "\n");
    fprintf(POLYBENCH_DUMP_TARGET, DATA_PRINTF_MODIFIER, A[i0][i1]);
  }
  POLYBENCH_DUMP_END("A");
  POLYBENCH_DUMP_FINISH;
}

static
void kernel_trmm(int m,
		 int n,
		 DATA_TYPE alpha,
		 DATA_TYPE POLYBENCH_2D(A,M,M,m,m),
		 DATA_TYPE POLYBENCH_2D(B,M,N,m,n))
{
  int i, j, k;

#pragma scop
  for (i = 0; i < _PB_M; i++)
     for (j = 0; j < _PB_N; j++) {
        for (k = i+1; k < _PB_M; k++)
           B[i][j] += A[k][i] * B[k][j];
        B[i][j] = alpha * B[i][j];
     }
#pragma endscop
}

int main(int argc, char** argv)
{
  int m = M;
  int n = N;
  DATA_TYPE alpha;
  POLYBENCH_2D_ARRAY_DECL(A,DATA_TYPE,M,M,m,m);
  POLYBENCH_2D_ARRAY_DECL(B,DATA_TYPE,M,N,m,n);

  /* Initialize array(s). */
  init_array(m, n, &alpha, POLYBENCH_ARRAY(A), POLYBENCH_ARRAY(B));
  polybench_start_instruments;
  kernel_trmm(m, n, alpha, POLYBENCH_ARRAY(A), POLYBENCH_ARRAY(B));
  polybench_stop_instruments;
  polybench_print_instruments;
  polybench_prevent_dce(print_array(m, n, POLYBENCH_ARRAY(A)));
  POLYBENCH_FREE_ARRAY(A);
  POLYBENCH_FREE_ARRAY(B);
  return 0;
}
