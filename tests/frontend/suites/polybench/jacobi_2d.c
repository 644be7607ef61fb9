/* jacobi_2d.c */
#include <stdio.h>
#include <unistd.h>
#include <string.h>
#include <math.h>

/* Sizes, types and bounds. */
#include "polybench.h"
#include "jacobi_2d.h"

static
void init_array(int tsteps, int n, DATA_TYPE POLYBENCH_2D(A,N,N,n,n), DATA_TYPE POLYBENCH_2D(B,N,N,n,n))
{
  int i0, i1, i2;
  for (i0 = 0; i0 < n; i0++)
  for (i1 = 0; i1 < n; i1++)
    A[i0][i1] = (DATA_TYPE) ((i0*1+i1*2+1) % 3) / 6;
  for (i0 = 0; i0 < n; i0++)
  for (i1 = 0; i1 < n; i1++)
    B[i0][i1] = (DATA_TYPE) ((i0*1+i1*2+1) % 3) / 6;
}

static
void print_array(int tsteps, int n, DATA_TYPE POLYBENCH_2D(A,N,N,n,n))
{
  int i0, i1, i2;
  POLYBENCH_DUMP_START;
  POLYBENCH_DUMP_BEGIN("A");
  for (i0 = 0; i0 < n; i0++)
  for (i1 = 0; i1 < n; i1++)
  {
    if (i0 % 20 == 0) fprintf(POLYBENCH_DUMP_TARGET, "\n");
    fprintf(POLYBENCH_DUMP_TARGET, DATA_PRINTF_MODIFIER, A[i0][i1]);
  }
  POLYBENCH_DUMP_END("A");
  POLYBENCH_DUMP_FINISH;
}

static
void kernel_jacobi_2d(int tsteps,
		 int n,
		 DATA_TYPE POLYBENCH_2D(A,N,N,n,n),
		 DATA_TYPE POLYBENCH_2D(B,N,N,n,n))
{
  int i, j;
  int t;

#pragma scop
  for (t = 0; t < _PB_TSTEPS; t++)
    {
      for (i = 1; i < _PB_N - 1; i++)
	for (j = 1; j < _PB_N - 1; j++)
	  B[i][j] = SCALAR_VAL(0.2) * (A[i][j] + A[i][j-1] + A[i][1+j] + A[1+i][j] + A[i-1][j]);
      for (i = 1; i < _PB_N - 1; i++)
	for (j = 1; j < _PB_N - 1; j++)
	  A[i][j] = SCALAR_VAL(0.2) * (B[i][j] + B[i][j-1] + B[i][1+j] + B[1+i][j] + B[i-1][j]);
    }
#pragma endscop
}

int main(int argc, char** argv)
{
  int tsteps = TSTEPS;
  int n = N;
  POLYBENCH_2D_ARRAY_DECL(A,DATA_TYPE,N,N,n,n);
  POLYBENCH_2D_ARRAY_DECL(B,DATA_TYPE,N,N,n,n);

  /* Initialize array(s). */
  init_array(tsteps, n, POLYBENCH_ARRAY(A), POLYBENCH_ARRAY(B));
  polybench_start_instruments;
  kernel_jacobi_2d(tsteps, n, POLYBENCH_ARRAY(A), POLYBENCH_ARRAY(B));
  polybench_stop_instruments;
  polybench_print_instruments;
  polybench_prevent_dce(print_array(tsteps, n, POLYBENCH_ARRAY(A)));
  POLYBENCH_FREE_ARRAY(A);
  POLYBENCH_FREE_ARRAY(B);
  return 0;
}
