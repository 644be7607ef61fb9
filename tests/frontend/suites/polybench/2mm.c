/* 2mm.c */
#include <stdio.h>
#include <unistd.h>
#include <string.h>
#include <math.h>

/* Sizes, types and bounds. */
#include "polybench.h"
#include "2mm.h"

static
void init_array(int ni, int nj, int nk, int nl, DATA_TYPE *alpha, DATA_TYPE *beta, DATA_TYPE POLYBENCH_2D(tmp,NI,NJ,ni,nj), DATA_TYPE POLYBENCH_2D(A,NI,NK,ni,nk), DATA_TYPE POLYBENCH_2D(B,NK,NJ,nk,nj), DATA_TYPE POLYBENCH_2D(C,NJ,NL,nj,nl), DATA_TYPE POLYBENCH_2D(D,NI,NL,ni,nl))
{
  int i0, i1, i2;
  *alpha = 1.5;
  *beta = 1.2;
  for (i0 = 0; i0 < ni; i0++)
  for (i1 = 0; i1 < nj; i1++)
    tmp[i0][i1] = (DATA_TYPE) ((i0*1+i1*2+1) % 4) / 3;
  for (i0 = 0; i0 < ni; i0++)
  for (i1 = 0; i1 < nk; i1++)
    A[i0][i1] = (DATA_TYPE) ((i0*1+i1*2+1) % 4) / 3;
  for (i0 = 0; i0 < nk; i0++)
  for (i1 = 0; i1 < nj; i1++)
    B[i0][i1] = (DATA_TYPE) ((i0*1+i1*2+1) % 4) / 3;
  for (i0 = 0; i0 < nj; i0++)
  for (i1 = 0; i1 < nl; i1++)
    C[i0][i1] = (DATA_TYPE) ((i0*1+i1*2+1) % 4) / 3;
  for (i0 = 0; i0 < ni; i0++)
  for (i1 = 0; i1 < nl; i1++)
    D[i0][i1] = (DATA_TYPE) ((i0*1+i1*2+1) % 4) / 3;
}

static
void print_array(int ni, int nj, int nk, int nl, DATA_TYPE POLYBENCH_2D(tmp,NI,NJ,ni,nj))
{
  int i0, i1, i2;
  POLYBENCH_DUMP_START;
  POLYBENCH_DUMP_BEGIN("tmp");
  for (i0 = 0; i0 < ni; i0++)
  for (i1 = 0; i1 < nj; i1++)
  {
    if (i0 % 20 == 0) fprintf(POLYBENCH_DUMP_TARGET, "\n");
    fprintf(POLYBENCH_DUMP_TARGET, DATA_PRINTF_MODIFIER, tmp[i0][i1]);
  }
  POLYBENCH_DUMP_END("tmp");
  POLYBENCH_DUMP_FINISH;
}

static
void kernel_2mm(int ni,
		 int nj,
		 int nk,
		 int nl,
		 DATA_TYPE alpha,
		 DATA_TYPE beta,
		 DATA_TYPE POLYBENCH_2D(tmp,NI,NJ,ni,nj),
		 DATA_TYPE POLYBENCH_2D(A,NI,NK,ni,nk),
		 DATA_TYPE POLYBENCH_2D(B,NK,NJ,nk,nj),
		 DATA_TYPE POLYBENCH_2D(C,NJ,NL,nj,nl),
		 DATA_TYPE POLYBENCH_2D(D,NI,NL,ni,nl))
{
  int i, j, k;

#pragma scop
  for (i = 0; i < _PB_NI; i++)
    for (j = 0; j < _PB_NJ; j++)
      {
	tmp[i][j] = SCALAR_VAL(0.0);
	for (k = 0; k < _PB_NK; ++k)
	  tmp[i][j] += alpha * A[i][k] * B[k][j];
      }
  for (i = 0; i < _PB_NI; i++)
    for (j = 0; j < _PB_NL; j++)
      {
	D[i][j] *= beta;
	for (k = 0; k < _PB_NJ; ++k)
	  D[i][j] += tmp[i][k] * C[k][j];
      }
#pragma endscop
}

int main(int argc, char** argv)
{
  int ni = NI;
  int nj = NJ;
  int nk = NK;
  int nl = NL;
  DATA_TYPE alpha;
  DATA_TYPE beta;
  POLYBENCH_2D_ARRAY_DECL(tmp,DATA_TYPE,NI,NJ,ni,nj);
  POLYBENCH_2D_ARRAY_DECL(A,DATA_TYPE,NI,NK,ni,nk);
  POLYBENCH_2D_ARRAY_DECL(B,DATA_TYPE,NK,NJ,nk,nj);
  POLYBENCH_2D_ARRAY_DECL(C,DATA_TYPE,NJ,NL,nj,nl);
  POLYBENCH_2D_ARRAY_DECL(D,DATA_TYPE,NI,NL,ni,nl);

  /* Initialize array(s). */
  init_array(ni, nj, nk, nl, &alpha, &beta, POLYBENCH_ARRAY(tmp), POLYBENCH_ARRAY(A), POLYBENCH_ARRAY(B), POLYBENCH_ARRAY(C), POLYBENCH_ARRAY(D));
  polybench_start_instruments;
  kernel_2mm(ni, nj, nk, nl, alpha, beta, POLYBENCH_ARRAY(tmp), POLYBENCH_ARRAY(A), POLYBENCH_ARRAY(B), POLYBENCH_ARRAY(C), POLYBENCH_ARRAY(D));
  polybench_stop_instruments;
  polybench_print_instruments;
  polybench_prevent_dce(print_array(ni, nj, nk, nl, POLYBENCH_ARRAY(tmp)));
  POLYBENCH_FREE_ARRAY(tmp);
  POLYBENCH_FREE_ARRAY(A);
  POLYBENCH_FREE_ARRAY(B);
  POLYBENCH_FREE_ARRAY(C);
  POLYBENCH_FREE_ARRAY(D);
  return 0;
}
