#include "backprop.h"
int INPUT_SIZE = sizeof(struct bench_args_t);
void run_benchmark( void *vargs ) {
  struct bench_args_t *args = (struct bench_args_t *)vargs;
  backprop( args->weights1, args->weights2, args->biases1, args->biases2, args->training_data, args->training_targets );
}
void input_to_data(int fd, void *vdata) {
  char *p = readfile(fd);
  STAC(parse_,STAC(TYPE,_array))(find_section_start(p,1), (TYPE *)vdata, sizeof(struct bench_args_t) / sizeof(TYPE));
}
void data_to_output(int fd, void *vdata) {
  struct bench_args_t *data = (struct bench_args_t *)vdata;
  STAC(write_,STAC(TYPE,_array))(fd, data->weights1, input_dimension*nodes_per_layer);
}
