/* durbin.c */
#include <stdio.h>
#include <unistd.h>
#include <string.h>
#include <math.h>

/* Sizes, types and bounds. */
#include "polybench.h"
#include "durbin.h"

static
void init_array(int n, DATA_TYPE POLYBENCH_1D(r,N,n), DATA_TYPE POLYBENCH_1D(y,N,n))
{
  int i0, i1, i2;
  for (i0 = 0; i0 < n; i0++)
    r[i0] = (DATA_TYPE) (1.0 / (i0 + 2));
  for (i0 = 0; i0 < n; i0++)
    y[i0] = (DATA_TYPE) (1.0 / (i0 + 2));
}

static
void print_array(int n, DATA_TYPE POLYBENCH_1D(r,N,n))
{
  int i0, i1, i2;
  POLYBENCH_DUMP_START;
  POLYBENCH_DUMP_BEGIN("r");
  for (i0 = 0; i0 < n; i0++)
  {
    if (i0 % 20 == 0) fprintf(POLYBENCH_DUMP_TARGET, "\n");
    fprintf(POLYBENCH_DUMP_TARGET, DATA_PRINTF_MODIFIER, r[i0]);
  }
  POLYBENCH_DUMP_END("r");
  POLYBENCH_DUMP_FINISH;
}

static
void kernel_durbin(int n,
		 DATA_TYPE POLYBENCH_1D(r,N,n),
		 DATA_TYPE POLYBENCH_1D(y,N,n))
{
  int i, k;
  DATA_TYPE z[N];
  DATA_TYPE alpha;
  DATA_TYPE beta;
  DATA_TYPE sum;

#pragma scop
 y[0] = -r[0];
 beta = SCALAR_VAL(1.0);
 alpha = -r[0];

 for (k = 1; k < _PB_N; k++) {
   beta = (1-alpha*alpha)*beta;
   sum = SCALAR_VAL(0.0);
   for (i=0; i<k; i++) {
      sum += r[k-i-1]*y[i];
   }
   alpha = - (r[k] + sum)/beta;

   for (i=0; i<k; i++) {
      z[i] = y[i] + alpha*y[k-i-1];
   }
   for (i=0; i<k; i++) {
     y[i] = z[i];
   }
   y[k] = alpha;
 }
#pragma endscop
}

int main(int argc, char** argv)
{
  int n = N;
  POLYBENCH_1D_ARRAY_DECL(r,DATA_TYPE,N,n);
  POLYBENCH_1D_ARRAY_DECL(y,DATA_TYPE,N,n);

  /* Initialize array(s). */
  init_array(n, POLYBENCH_ARRAY(r), POLYBENCH_ARRAY(y));
  polybench_start_instruments;
  kernel_durbin(n, POLYBENCH_ARRAY(r), POLYBENCH_ARRAY(y));
  polybench_stop_instruments;
  polybench_print_instruments;
  polybench_prevent_dce(print_array(n, POLYBENCH_ARRAY(r)));
  POLYBENCH_FREE_ARRAY(r);
  POLYBENCH_FREE_ARRAY(y);
  return 0;
}
