#include <stdio.h>
#include <stdlib.h>
#include "support.h"
#define col_size 6
#define row_size 8
#define f_size 9
#define height_size 5
#define SIZE (row_size * col_size * height_size)
#define INDX(_row_size,_col_size,_i,_j,_k) ((_i)+_row_size*((_j)+_col_size*(_k)))
#define TYPE int32_t
void stencil(TYPE orig[row_size * col_size], TYPE sol[row_size * col_size], TYPE filter[f_size]);
void stencil3d(TYPE C[2], TYPE orig[SIZE], TYPE sol[SIZE]);
struct bench_args_t { TYPE orig[SIZE]; TYPE sol[SIZE]; TYPE filter[f_size]; TYPE C[2]; };
