#ifndef _GEMM_H
# define _GEMM_H

# ifndef SIZES_FROM_OUTSIDE
#  define NI 5
#  define NJ 6
#  define NK 7
# endif

# define _PB_NI POLYBENCH_LOOP_BOUND(NI,ni)
# define _PB_NJ POLYBENCH_LOOP_BOUND(NJ,nj)
# define _PB_NK POLYBENCH_LOOP_BOUND(NK,nk)

# include "polybench.h"
#endif
