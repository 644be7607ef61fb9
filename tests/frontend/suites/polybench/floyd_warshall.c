/* floyd_warshall.c */
#include <stdio.h>
#include <unistd.h>
#include <string.h>
#include <math.h>

/* Sizes, types and bounds. */
#include "floyd_warshall.h"

static
void init_array(int n, DATA_TYPE POLYBENCH_2D(path,N,N,n,n))
{
  int i0, i1, i2;
  for (i0 = 0; i0 < n; i0++)
  for (i1 = 0; i1 < n; i1++)
    path[i0][i1] = (DATA_TYPE) ((i0*1+i1*2+1) % 4);
}

static
void print_array(int n, DATA_TYPE POLYBENCH_2D(path,N,N,n,n))
{
  int i0, i1, i2;
  POLYBENCH_DUMP_START;
  POLYBENCH_DUMP_BEGIN("path");
  for (i0 = 0; i0 < n; i0++)
  for (i1 = 0; i1 < n; i1++)
  {
    if (i0 % 20 == 0) fprintf(POLYBENCH_DUMP_TARGET, "\n");
    fprintf(POLYBENCH_DUMP_TARGET, DATA_PRINTF_MODIFIER, path[i0][i1]);
  }
  POLYBENCH_DUMP_END("path");
  POLYBENCH_DUMP_FINISH;
}

static
void kernel_floyd_warshall(int n,
		 DATA_TYPE POLYBENCH_2D(path,N,N,n,n))
{
  int i, j, k;

#pragma scop
  for (k = 0; k < _PB_N; k++)
    {
      for(i = 0; i < _PB_N; i++)
	for (j = 0; j < _PB_N; j++)
	  path[i][j] = path[i][j] < path[i][k] + path[k][j] ?
	    path[i][j] : path[i][k] + path[k][j];
    }
#pragma endscop
}

int main(int argc, char** argv)
{
  int n = N;
  POLYBENCH_2D_ARRAY_DECL(path,DATA_TYPE,N,N,n,n);

  /* Initialize array(s). */
  init_array(n, POLYBENCH_ARRAY(path));
  polybench_start_instruments;
  kernel_floyd_warshall(n, POLYBENCH_ARRAY(path));
  polybench_stop_instruments;
  polybench_print_instruments;
  polybench_prevent_dce(print_array(n, POLYBENCH_ARRAY(path)));
  POLYBENCH_FREE_ARRAY(path);
  return 0;
}
