#include <math.h>
float mixed(float x[8], unsigned b[8], double d[8], unsigned char c[8], long long l[8]) {
  float m = x[0];
  for (int i = 0; i < 8; i++) {
    if (x[i] > m) m = x[i];
    d[i] = fabs(d[i]) + sqrtf(x[i]) - 1e-3;
    c[i] = x[i] > 0 && x[i] < 200 ? (unsigned char)x[i] : c[i];
    l[i] = (long long)(c[i] * 1.5) + (d[i] == d[i]);
    b[i] = b[i] / 3.0f > 100 ? b[i] : b[i] + 1;
    x[i] = x[i] ? floorf(x[i]) : -0.0f;
    x[i] += i / 2 + b[i] % 7;
  }
  do { m = m / 2; } while (m > 1.0f && m < 1e30f);
  return isnan(m) ? 0 : m;
}
