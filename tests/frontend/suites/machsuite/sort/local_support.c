#include "sort.h"
int INPUT_SIZE = sizeof(struct bench_args_t);
void run_benchmark( void *vargs ) {
  struct bench_args_t *args = (struct bench_args_t *)vargs;
  ms_mergesort( args->a );
  ss_sort( args->a, args->b, args->bucket, args->sum );
}
void input_to_data(int fd, void *vdata) {
  struct bench_args_t *data = (struct bench_args_t *)vdata;
  char *p, *s;
  memset(vdata,0,sizeof(struct bench_args_t));
  p = readfile(fd);
  s = find_section_start(p,1);
  STAC(parse_,STAC(TYPE,_array))(s, data->a, SIZE);
}
void data_to_output(int fd, void *vdata) {
  struct bench_args_t *data = (struct bench_args_t *)vdata;
  STAC(write_,STAC(TYPE,_array))(fd, data->a, SIZE);
}
