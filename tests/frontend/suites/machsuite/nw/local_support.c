#include "nw.h"
int INPUT_SIZE = sizeof(struct bench_args_t);
void run_benchmark( void *vargs ) {
  struct bench_args_t *args = (struct bench_args_t *)vargs;
  needwun( args->seqA, args->seqB, args->alignedA, args->alignedB, args->M, args->ptr);
}
void input_to_data(int fd, void *vdata) {
  struct bench_args_t *data = (struct bench_args_t *)vdata;
  char *p, *s;
  memset(vdata,0,sizeof(struct bench_args_t));
  memset(data->ptr, SKIPA, sizeof(data->ptr));
  for (int i = 0; i <= ALEN; i++) data->ptr[i] = SKIPB;
  p = readfile(fd);
  s = find_section_start(p,1);
  memcpy(data->seqA, s, ALEN);
  s = find_section_start(p,2);
  memcpy(data->seqB, s, BLEN);
}
void data_to_output(int fd, void *vdata) {
  struct bench_args_t *data = (struct bench_args_t *)vdata;
  write(fd, data->alignedA, ALEN+BLEN);
}
