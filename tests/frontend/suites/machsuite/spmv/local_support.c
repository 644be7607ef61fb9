#include "spmv.h"
int INPUT_SIZE = sizeof(struct bench_args_t);
void run_benchmark( void *vargs ) {
  struct bench_args_t *args = (struct bench_args_t *)vargs;
  spmv( args->val, args->cols, args->rowDelimiters, args->vec, args->out );
  ellpack( args->nzval, args->ell, args->vec, args->out );
}
void input_to_data(int fd, void *vdata) {
  struct bench_args_t *data = (struct bench_args_t *)vdata;
  char *p, *s;
  memset(vdata,0,sizeof(struct bench_args_t));
  p = readfile(fd);
  s = find_section_start(p,1);
  STAC(parse_,STAC(TYPE,_array))(s, data->val, NNZ);
  s = find_section_start(p,2);
  parse_int32_t_array(s, data->cols, NNZ);
  s = find_section_start(p,3);
  parse_int32_t_array(s, data->rowDelimiters, N+1);
  s = find_section_start(p,4);
  STAC(parse_,STAC(TYPE,_array))(s, data->vec, N);
  s = find_section_start(p,5);
  STAC(parse_,STAC(TYPE,_array))(s, data->nzval, N*L);
  s = find_section_start(p,6);
  parse_int32_t_array(s, data->ell, N*L);
}
void data_to_output(int fd, void *vdata) {
  struct bench_args_t *data = (struct bench_args_t *)vdata;
  STAC(write_,STAC(TYPE,_array))(fd, data->out, N);
}
