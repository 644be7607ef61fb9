#include "kmp.h"
int INPUT_SIZE = sizeof(struct bench_args_t);
void run_benchmark( void *vargs ) {
  struct bench_args_t *args = (struct bench_args_t *)vargs;
  kmp( args->pattern, args->input, args->kmpNext, args->n_matches );
}
void input_to_data(int fd, void *vdata) {
  struct bench_args_t *data = (struct bench_args_t *)vdata;
  char *p = readfile(fd);
  memset(vdata,0,sizeof(struct bench_args_t));
  memcpy(data->pattern, find_section_start(p,1), PATTERN_SIZE);
  memcpy(data->input, find_section_start(p,2), STRING_SIZE);
}
void data_to_output(int fd, void *vdata) {
  struct bench_args_t *data = (struct bench_args_t *)vdata;
  write_int32_t_array(fd, data->n_matches, 1);
}
