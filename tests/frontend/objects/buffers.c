#include <stdint.h>
int buffers(float x[8], int32_t y[8], int64_t z[4]) {
  float buf[8]; int hist[4] = {0};
  for (int i = 0; i < 8; i++) buf[i] = x[7 - i];
  for (int i = 0; i < 8; i++) { x[i] = buf[i] / 3; hist[y[i] & 3]++; }
  scale: for (int i = 0; i < 4; i++) z[i] = (int64_t)x[i] * hist[i];
  int best = 0;
  for (int i = 1; i < 4; i++) if (hist[i] > hist[best]) best = i;
  switch (best) { case 0: return 1; case 1: y[0] = 3; case 2: y[1] = 4; break; default: return -1; }
  return best;
}
