#include "bfs.h"
int INPUT_SIZE = sizeof(struct bench_args_t);
void run_benchmark( void *vargs ) {
  struct bench_args_t *args = (struct bench_args_t *)vargs;
  struct bench_args_t *again = malloc(sizeof(struct bench_args_t));
  memcpy(again, args, sizeof(struct bench_args_t));
  bfs(args->nodes, args->edges, args->starting_node, args->level, args->level_counts);
  bfs_queue(again->nodes, again->edges, again->starting_node, again->level, again->level_counts);
}
void input_to_data(int fd, void *vdata) {
  struct bench_args_t *data = (struct bench_args_t *)vdata;
  char *p, *s;
  int64_t i;
  memset(vdata,0,sizeof(struct bench_args_t));
  for(i=0; i<N_NODES; i++) {
    data->level[i] = MAX_LEVEL;
  }
  p = readfile(fd);
  s = find_section_start(p,1);
  STAC(parse_,STAC(int64_t,_array))(s, (int64_t *)&data->starting_node, 1);
  s = find_section_start(p,2);
  STAC(parse_,STAC(int64_t,_array))(s, (int64_t *)data->nodes, N_NODES*2);
  s = find_section_start(p,3);
  STAC(parse_,STAC(int64_t,_array))(s, (int64_t *)data->edges, N_EDGES);
}
void data_to_output(int fd, void *vdata) {
  struct bench_args_t *data = (struct bench_args_t *)vdata;
  STAC(write_,STAC(int64_t,_array))(fd, (int64_t *)data->level_counts, N_LEVELS);
}
