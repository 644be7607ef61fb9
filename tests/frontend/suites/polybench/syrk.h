#ifndef _SYRK_H
# define _SYRK_H

# ifndef SIZES_FROM_OUTSIDE
#  define N 6
#  define M 5
# endif

# define _PB_N POLYBENCH_LOOP_BOUND(N,n)
# define _PB_M POLYBENCH_LOOP_BOUND(M,m)

# include "polybench.h"
#endif
