#ifndef _LU_H
# define _LU_H

# ifndef SIZES_FROM_OUTSIDE
#  define N 6
# endif

# define _PB_N POLYBENCH_LOOP_BOUND(N,n)

# include "polybench.h"
#endif
