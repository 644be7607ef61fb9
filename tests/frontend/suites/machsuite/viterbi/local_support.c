#include "viterbi.h"
int INPUT_SIZE = sizeof(struct bench_args_t);
void run_benchmark( void *vargs ) {
  struct bench_args_t *args = (struct bench_args_t *)vargs;
  viterbi( args->obs, args->init, args->transition, args->emission, args->path );
}
void input_to_data(int fd, void *vdata) {
  struct bench_args_t *data = (struct bench_args_t *)vdata;
  char *p, *s;
  memset(vdata,0,sizeof(struct bench_args_t));
  p = readfile(fd);
  s = find_section_start(p,1);
  STAC(parse_,STAC(uint8_t,_array))(s, data->obs, N_OBS);
  s = find_section_start(p,2);
  STAC(parse_,STAC(TYPE,_array))(s, data->init, N_STATES);
  s = find_section_start(p,3);
  STAC(parse_,STAC(TYPE,_array))(s, data->transition, N_STATES*N_STATES);
  s = find_section_start(p,4);
  STAC(parse_,STAC(TYPE,_array))(s, data->emission, N_STATES*N_TOKENS);
}
void data_to_output(int fd, void *vdata) {
  struct bench_args_t *data = (struct bench_args_t *)vdata;
  STAC(write_,STAC(uint8_t,_array))(fd, data->path, N_OBS);
}
