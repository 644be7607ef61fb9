/* covariance.c */
#include <stdio.h>
#include <unistd.h>
#include <string.h>
#include <math.h>

/* Sizes, types and bounds. */
#include "polybench.h"
#include "covariance.h"

static
void init_array(int m, int n, DATA_TYPE *float_n, DATA_TYPE POLYBENCH_2D(data,N,M,n,m), DATA_TYPE POLYBENCH_2D(cov,M,M,m,m), DATA_TYPE POLYBENCH_1D(mean,M,m))
{
  int i0, i1, i2;
  *float_n = 1.5;
  for (i0 = 0; i0 < n; i0++)
  for (i1 = 0; i1 < m; i1++)
    data[i0][i1] = (DATA_TYPE) ((i0*1+i1*2+1) % 5) / 6;
  for (i0 = 0; i0 < m; i0++)
  for (i1 = 0; i1 < m; i1++)
    cov[i0][i1] = (DATA_TYPE) ((i0*1+i1*2+1) % 5) / 6;
  for (i0 = 0; i0 < m; i0++)
    mean[i0] = (DATA_TYPE) ((i0*1+1) % 5) / 6;
}

static
void print_array(int m, int n, DATA_TYPE POLYBENCH_2D(data,N,M,n,m))
{
  int i0, i1, i2;
  POLYBENCH_DUMP_START;
  POLYBENCH_DUMP_BEGIN("data");
  for (i0 = 0; i0 < n; i0++)
  for (i1 = 0; i1 < m; i1++)
  {
    if (i0 % 20 == 0) fprintf(POLYBENCH_DUMP_TARGET, "\n");
    fprintf(POLYBENCH_DUMP_TARGET, DATA_PRINTF_MODIFIER, data[i0][i1]);
  }
  POLYBENCH_DUMP_END("data");
  POLYBENCH_DUMP_FINISH;
}

static
void kernel_covariance(int m,
		 int n,
		 DATA_TYPE float_n,
		 DATA_TYPE POLYBENCH_2D(data,N,M,n,m),
		 DATA_TYPE POLYBENCH_2D(cov,M,M,m,m),
		 DATA_TYPE POLYBENCH_1D(mean,M,m))
{
  int i, j, k;

#pragma scop
  for (j = 0; j < _PB_M; j++)
    {
      mean[j] = SCALAR_VAL(0.0);
      for (i = 0; i < _PB_N; i++)
        mean[j] += data[i][j];
      mean[j] /= float_n;
    }
  for (i = 0; i < _PB_N; i++)
    for (j = 0; j < _PB_M; j++)
      data[i][j] -= mean[j];
  for (i = 0; i < _PB_M; i++)
    for (j = i; j < _PB_M; j++)
      {
        cov[i][j] = SCALAR_VAL(0.0);
        for (k = 0; k < _PB_N; k++)
	  cov[i][j] += data[k][i] * data[k][j];
        cov[i][j] /= (float_n - SCALAR_VAL(1.0));
        cov[j][i] = cov[i][j];
      }
#pragma endscop
}

int main(int argc, char** argv)
{
  int m = M;
  int n = N;
  DATA_TYPE float_n;
  POLYBENCH_2D_ARRAY_DECL(data,DATA_TYPE,N,M,n,m);
  POLYBENCH_2D_ARRAY_DECL(cov,DATA_TYPE,M,M,m,m);
  POLYBENCH_1D_ARRAY_DECL(mean,DATA_TYPE,M,m);

  /* Initialize array(s). */
  init_array(m, n, &float_n, POLYBENCH_ARRAY(data), POLYBENCH_ARRAY(cov), POLYBENCH_ARRAY(mean));
  polybench_start_instruments;
  kernel_covariance(m, n, float_n, POLYBENCH_ARRAY(data), POLYBENCH_ARRAY(cov), POLYBENCH_ARRAY(mean));
  polybench_stop_instruments;
  polybench_print_instruments;
  polybench_prevent_dce(print_array(m, n, POLYBENCH_ARRAY(data)));
  POLYBENCH_FREE_ARRAY(data);
  POLYBENCH_FREE_ARRAY(cov);
  POLYBENCH_FREE_ARRAY(mean);
  return 0;
}
