#ifndef _DOITGEN_H
# define _DOITGEN_H

# ifndef SIZES_FROM_OUTSIDE
#  define NR 3
#  define NQ 4
#  define NP 5
# endif

# define _PB_NR POLYBENCH_LOOP_BOUND(NR,nr)
# define _PB_NQ POLYBENCH_LOOP_BOUND(NQ,nq)
# define _PB_NP POLYBENCH_LOOP_BOUND(NP,np)

# include "polybench.h"
#endif
