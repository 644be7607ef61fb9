/* gesummv.c */
#include <stdio.h>
#include <unistd.h>
#include <string.h>
#include <math.h>

/* Sizes, types and bounds. */
#include "polybench.h"
#include "gesummv.h"

static
void init_array(int n, DATA_TYPE *alpha, DATA_TYPE *beta, DATA_TYPE POLYBENCH_2D(A,N,N,n,n), DATA_TYPE POLYBENCH_2D(B,N,N,n,n), DATA_TYPE POLYBENCH_1D(tmp,N,n), DATA_TYPE POLYBENCH_1D(x,N,n), DATA_TYPE POLYBENCH_1D(y,N,n))
{
  int i0, i1, i2;
  *alpha = 1.5;
  *beta = 1.2;
  for (i0 = 0; i0 < n; i0++)
  for (i1 = 0; i1 < n; i1++)
    A[i0][i1] = (DATA_TYPE) ((i0*1+i1*2+1) % 6) / 6;
  for (i0 = 0; i0 < n; i0++)
  for (i1 = 0; i1 < n; i1++)
    B[i0][i1] = (DATA_TYPE) ((i0*1+i1*2+1) % 6) / 6;
  for (i0 = 0; i0 < n; i0++)
    tmp[i0] = (DATA_TYPE) ((i0*1+1) % 6) / 6;
  for (i0 = 0; i0 < n; i0++)
    x[i0] = (DATA_TYPE) ((i0*1+1) % 6) / 6;
  for (i0 = 0; i0 < n; i0++)
    y[i0] = (DATA_TYPE) ((i0*1+1) % 6) / 6;
}

static
void print_array(int n, DATA_TYPE POLYBENCH_2D(A,N,N,n,n))
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
void kernel_gesummv(int n,
		 DATA_TYPE alpha,
		 DATA_TYPE beta,
		 DATA_TYPE POLYBENCH_2D(A,N,N,n,n),
		 DATA_TYPE POLYBENCH_2D(B,N,N,n,n),
		 DATA_TYPE POLYBENCH_1D(tmp,N,n),
		 DATA_TYPE POLYBENCH_1D(x,N,n),
		 DATA_TYPE POLYBENCH_1D(y,N,n))
{
  int i, j;

#pragma scop
  for (i = 0; i < _PB_N; i++)
    {
      tmp[i] = SCALAR_VAL(0.0);
      y[i] = SCALAR_VAL(0.0);
      for (j = 0; j < _PB_N; j++)
	{
	  tmp[i] = A[i][j] * x[j] + tmp[i];
	  y[i] = B[i][j] * x[j] + y[i];
	}
      y[i] = alpha * tmp[i] + beta * y[i];
    }
#pragma endscop
}

int main(int argc, char** argv)
{
  int n = N;
  DATA_TYPE alpha;
  DATA_TYPE beta;
  POLYBENCH_2D_ARRAY_DECL(A,DATA_TYPE,N,N,n,n);
  POLYBENCH_2D_ARRAY_DECL(B,DATA_TYPE,N,N,n,n);
  POLYBENCH_1D_ARRAY_DECL(tmp,DATA_TYPE,N,n);
  POLYBENCH_1D_ARRAY_DECL(x,DATA_TYPE,N,n);
  POLYBENCH_1D_ARRAY_DECL(y,DATA_TYPE,N,n);

  /* Initialize array(s). */
  init_array(n, &alpha, &beta, POLYBENCH_ARRAY(A), POLYBENCH_ARRAY(B), POLYBENCH_ARRAY(tmp), POLYBENCH_ARRAY(x), POLYBENCH_ARRAY(y));
  polybench_start_instruments;
  kernel_gesummv(n, alpha, beta, POLYBENCH_ARRAY(A), POLYBENCH_ARRAY(B), POLYBENCH_ARRAY(tmp), POLYBENCH_ARRAY(x), POLYBENCH_ARRAY(y));
  polybench_stop_instruments;
  polybench_print_instruments;
  polybench_prevent_dce(print_array(n, POLYBENCH_ARRAY(A)));
  POLYBENCH_FREE_ARRAY(A);
  POLYBENCH_FREE_ARRAY(B);
  POLYBENCH_FREE_ARRAY(tmp);
  POLYBENCH_FREE_ARRAY(x);
  POLYBENCH_FREE_ARRAY(y);
  return 0;
}
