#include "gemm.h"
#include <string.h>

int INPUT_SIZE = sizeof(struct bench_args_t);

#define EPSILON ((TYPE)1.0e-6)

void run_benchmark( void *vargs ) {
  struct bench_args_t *args = (struct bench_args_t *)vargs;
  gemm( args->m1, args->m2, args->prod );
  bbgemm( args->m1, args->m2, args->prod );
}

void input_to_data(int fd, void *vdata) {
  struct bench_args_t *data = (struct bench_args_t *)vdata;
  char *p, *s;
  memset(vdata,0,sizeof(struct bench_args_t));
  p = readfile(fd);
  s = find_section_start(p,1);
  STAC(parse_,STAC(TYPE,_array))(s, data->m1, N);
  s = find_section_start(p,2);
  STAC(parse_,STAC(TYPE,_array))(s, data->m2, N);
  free(p);
}

void data_to_output(int fd, void *vdata) {
  struct bench_args_t *data = (struct bench_args_t *)vdata;
  STAC(write_,STAC(TYPE,_array))(fd, data->prod, N);
}
