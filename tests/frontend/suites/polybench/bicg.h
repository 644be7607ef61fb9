#ifndef _BICG_H
# define _BICG_H

# ifndef SIZES_FROM_OUTSIDE
#  define M 5
#  define N 6
# endif

# define _PB_M POLYBENCH_LOOP_BOUND(M,m)
# define _PB_N POLYBENCH_LOOP_BOUND(N,n)

# include "polybench.h"
#endif
