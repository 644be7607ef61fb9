#include "md.h"
int INPUT_SIZE = sizeof(struct bench_args_t);

void run_benchmark( void *vargs ) {
  struct bench_args_t *args = (struct bench_args_t *)vargs;
  md( args->n_points, args->force, args->position );
  md_kernel( args->force_x, args->force_y, args->force_z, args->position_x, args->position_y,
             args->position_z, args->NL );
}

void input_to_data(int fd, void *vdata) {
  struct bench_args_t *data = (struct bench_args_t *)vdata;
  char *p, *s;
  memset(vdata,0,sizeof(struct bench_args_t));
  p = readfile(fd);
  s = find_section_start(p,1);
  parse_int32_t_array(s, (int32_t *)(data->n_points), blockSide*blockSide*blockSide);
  s = find_section_start(p,2);
  STAC(parse_,STAC(TYPE,_array))(s, (double *)(data->position), 3*blockSide*blockSide*blockSide*densityFactor);
  s = find_section_start(p,3);
  STAC(parse_,STAC(TYPE,_array))(s, data->position_x, 3*nAtoms);
  s = find_section_start(p,4);
  parse_int32_t_array(s, data->NL, nAtoms*maxNeighbors);
}

void data_to_output(int fd, void *vdata) {
  struct bench_args_t *data = (struct bench_args_t *)vdata;
  STAC(write_,STAC(TYPE,_array))(fd, (double *)data->force, 3*blockSide*blockSide*blockSide*densityFactor);
}
