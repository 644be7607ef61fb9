#ifndef _NUSSINOV_H
# define _NUSSINOV_H

# define DATA_TYPE_IS_INT
# ifndef SIZES_FROM_OUTSIDE
#  define N 8
# endif

# define _PB_N POLYBENCH_LOOP_BOUND(N,n)

# include "polybench.h"
#endif
