#ifndef _JACOBI_2D_H
# define _JACOBI_2D_H

# ifndef SIZES_FROM_OUTSIDE
#  define TSTEPS 3
#  define N 6
# endif

# define _PB_TSTEPS POLYBENCH_LOOP_BOUND(TSTEPS,tsteps)
# define _PB_N POLYBENCH_LOOP_BOUND(N,n)

# include "polybench.h"
#endif
