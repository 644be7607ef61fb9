#include <stdio.h>
#include <stdlib.h>
#include <math.h>
#include "support.h"
#define FFT_SIZE 16
#define twoPI 6.28318530717959
#define TYPE double
#define THREADS 4
#define PI 3.1415926535
#ifndef M_SQRT1_2
#define M_SQRT1_2      0.70710678118654752440f
#endif
typedef struct complex_t { TYPE x; TYPE y; } complex_t;
void fft(double real[FFT_SIZE], double img[FFT_SIZE], double real_twid[FFT_SIZE/2], double img_twid[FFT_SIZE/2]);
void fft1D_32(TYPE work_x[32], TYPE work_y[32]);
struct bench_args_t {
  double real[FFT_SIZE];
  double img[FFT_SIZE];
  double real_twid[FFT_SIZE/2];
  double img_twid[FFT_SIZE/2];
  TYPE work_x[32];
  TYPE work_y[32];
};
