/* doitgen.c */
#include <stdio.h>
#include <unistd.h>
#include <string.h>
#include <math.h>

/* Sizes, types and bounds. */
#include "polybench.h"
#include "doitgen.h"

static
void init_array(int nr, int nq, int np, DATA_TYPE POLYBENCH_3D(A,NR,NQ,NP,nr,nq,np), DATA_TYPE POLYBENCH_2D(C4,NP,NP,np,np), DATA_TYPE POLYBENCH_1D(sum,NP,np))
{
  int i0, i1, i2;
  for (i0 = 0; i0 < nr; i0++)
  for (i1 = 0; i1 < nq; i1++)
  for (i2 = 0; i2 < np; i2++)
    A[i0][i1][i2] = (DATA_TYPE) ((i0*1+i1*2+i2*3+1) % 3) / 5;
  for (i0 = 0; i0 < np; i0++)
  for (i1 = 0; i1 < np; i1++)
    C4[i0][i1] = (DATA_TYPE) ((i0*1+i1*2+1) % 3) / 5;
  for (i0 = 0; i0 < np; i0++)
    sum[i0] = (DATA_TYPE) ((i0*1+1) % 3) / 5;
}

static
void print_array(int nr, int nq, int np, DATA_TYPE POLYBENCH_3D(A,NR,NQ,NP,nr,nq,np))
{
  int i0, i1, i2;
  POLYBENCH_DUMP_START;
  POLYBENCH_DUMP_BEGIN("A");
  for (i0 = 0; i0 < nr; i0++)
  for (i1 = 0; i1 < nq; i1++)
  for (i2 = 0; i2 < np; i2++)
  {
    if (i0 % 20 == 0) fprintf(POLYBENCH_DUMP_TARGET, "\n");
    fprintf(POLYBENCH_DUMP_TARGET, DATA_PRINTF_MODIFIER, A[i0][i1][i2]);
  }
  POLYBENCH_DUMP_END("A");
  POLYBENCH_DUMP_FINISH;
}

static
void kernel_doitgen(int nr,
		 int nq,
		 int np,
		 DATA_TYPE POLYBENCH_3D(A,NR,NQ,NP,nr,nq,np),
		 DATA_TYPE POLYBENCH_2D(C4,NP,NP,np,np),
		 DATA_TYPE POLYBENCH_1D(sum,NP,np))
{
  int r, q, p, s;

#pragma scop
  for (r = 0; r < _PB_NR; r++)
    for (q = 0; q < _PB_NQ; q++)  {
      for (p = 0; p < _PB_NP; p++)  {
	sum[p] = SCALAR_VAL(0.0);
	for (s = 0; s < _PB_NP; s++)
	  sum[p] += A[r][q][s] * C4[s][p];
      }
      for (p = 0; p < _PB_NP; p++)
	A[r][q][p] = sum[p];
    }
#pragma endscop
}

int main(int argc, char** argv)
{
  int nr = NR;
  int nq = NQ;
  int np = NP;
  POLYBENCH_3D_ARRAY_DECL(A,DATA_TYPE,NR,NQ,NP,nr,nq,np);
  POLYBENCH_2D_ARRAY_DECL(C4,DATA_TYPE,NP,NP,np,np);
  POLYBENCH_1D_ARRAY_DECL(sum,DATA_TYPE,NP,np);

  /* Initialize array(s). */
  init_array(nr, nq, np, POLYBENCH_ARRAY(A), POLYBENCH_ARRAY(C4), POLYBENCH_ARRAY(sum));
  polybench_start_instruments;
  kernel_doitgen(nr, nq, np, POLYBENCH_ARRAY(A), POLYBENCH_ARRAY(C4), POLYBENCH_ARRAY(sum));
  polybench_stop_instruments;
  polybench_print_instruments;
  polybench_prevent_dce(print_array(nr, nq, np, POLYBENCH_ARRAY(A)));
  POLYBENCH_FREE_ARRAY(A);
  POLYBENCH_FREE_ARRAY(C4);
  POLYBENCH_FREE_ARRAY(sum);
  return 0;
}
