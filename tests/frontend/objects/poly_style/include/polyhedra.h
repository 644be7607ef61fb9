#ifndef POLYHEDRA_H
#define POLYHEDRA_H
#define POLYBENCH_2D(var, dim1, dim2, ddim1, ddim2) var[dim1 + 0][dim2 + 0]
#define POLYBENCH_1D(var, dim1, ddim1) var[dim1 + 0]
#define POLYBENCH_2D_ARRAY_DECL(var, type, dim1, dim2, d1, d2) type POLYBENCH_2D(var, dim1, dim2, d1, d2)
#define polybench_start_instruments
#define polybench_stop_instruments
#if !defined(MINI_DATASET) && !defined(LARGE_DATASET)
#define MINI_DATASET
#endif
#ifdef MINI_DATASET
#define NI 4
#define NJ 5
#define NK 6
#endif
#define _PB_NI POLYBENCH_LOOP_BOUND(NI, ni)
#define _PB_NJ POLYBENCH_LOOP_BOUND(NJ, nj)
#define _PB_NK POLYBENCH_LOOP_BOUND(NK, nk)
#ifdef POLYBENCH_USE_SCALAR_LB
#define POLYBENCH_LOOP_BOUND(x, y) x
#else
#define POLYBENCH_LOOP_BOUND(x, y) y
#endif
#ifdef DATA_TYPE_IS_FLOAT
#define DATA_TYPE float
#define SCALAR_VAL(x) x##f
#else
#define DATA_TYPE double
#define SCALAR_VAL(x) x
#endif
#endif
