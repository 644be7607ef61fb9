#include "stencil.h"
int INPUT_SIZE = sizeof(struct bench_args_t);
void run_benchmark( void *vargs ) {
  struct bench_args_t *args = (struct bench_args_t *)vargs;
  stencil( args->orig, args->sol, args->filter );
  stencil3d( args->C, args->orig, args->sol );
}
void input_to_data(int fd, void *vdata) {
  struct bench_args_t *data = (struct bench_args_t *)vdata;
  int i;
  for (i = 0; i < SIZE; i++) data->orig[i] = (i * 7919) % 101;
  for (i = 0; i < f_size; i++) data->filter[i] = i - 4;
  data->C[0] = 6; data->C[1] = -1;
}
void data_to_output(int fd, void *vdata) {
  struct bench_args_t *data = (struct bench_args_t *)vdata;
  STAC(write_,STAC(TYPE,_array))(fd, data->sol, SIZE);
}
