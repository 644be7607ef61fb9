#include "fft.h"
int INPUT_SIZE = sizeof(struct bench_args_t);
void run_benchmark( void *vargs ) {
  struct bench_args_t *args = (struct bench_args_t *)vargs;
  fft(args->real, args->img, args->real_twid, args->img_twid );
  fft1D_32(args->work_x, args->work_y);
}
void input_to_data(int fd, void *vdata) {
  struct bench_args_t *data = (struct bench_args_t *)vdata;
  char *p, *s;
  int i, n;
  double typed;
  memset(vdata,0,sizeof(struct bench_args_t));
  for( n=0; n<(FFT_SIZE>>1); n++) {
    typed = (double)(twoPI*n/FFT_SIZE);
    data->real_twid[n] = cos(typed);
    data->img_twid[n] = (-1.0)*sin(typed);
  }
  p = readfile(fd);
  s = find_section_start(p,1);
  STAC(parse_,STAC(double,_array))(s, data->real, FFT_SIZE);
  for (i = 0; i < 32; i++) { data->work_x[i] = 1.0 / (i + 1); data->work_y[i] = i; }
}
void data_to_output(int fd, void *vdata) {
  struct bench_args_t *data = (struct bench_args_t *)vdata;
  STAC(write_,STAC(double,_array))(fd, data->real, FFT_SIZE);
}
