#include <math.h>
typedef struct { double x, y, z; } dvec_t;
typedef double TYPE;
#define N 8
void particles(dvec_t force[N], dvec_t pos[N], int nl[N*4]) {
  loop_i: for (int i = 0; i < N; i++) {
    dvec_t p = pos[i]; TYPE fx = 0;
    loop_j: for (int j = 0; j < 4; j++) {
      int k = nl[i*4+j] & 7;
      TYPE dx = p.x - pos[k].x, dy = p.y - pos[k].y;
      TYPE r2 = 1.0 / (dx*dx + dy*dy + 0.5);
      TYPE r6 = r2*r2*r2;
      fx += dx * r6 * (1.5*r6 - 2.0) + sqrt(r2);
    }
    force[i].x = fx; force[i].y = fx * 0.5f; force[i].z = -fx;
  }
}
