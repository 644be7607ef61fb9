#ifndef _2MM_H
# define _2MM_H

# ifndef SIZES_FROM_OUTSIDE
#  define NI 4
#  define NJ 5
#  define NK 6
#  define NL 3
# endif

# define _PB_NI POLYBENCH_LOOP_BOUND(NI,ni)
# define _PB_NJ POLYBENCH_LOOP_BOUND(NJ,nj)
# define _PB_NK POLYBENCH_LOOP_BOUND(NK,nk)
# define _PB_NL POLYBENCH_LOOP_BOUND(NL,nl)

# include "polybench.h"
#endif
