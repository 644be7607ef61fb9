static const float coef[4] = {0.5f, 1.0f, 0.25f, -1.0f};
static const unsigned char sbox[4] = {99, 124, 200, 7};
float state[4]; int count;
float filter(float x[16], int n) {
  float acc = 0;
  for (int i = 0; i < 13; i++) {
    float s = 0;
    for (int k = 0; k < 4; k++) s += coef[k] * x[i + k];
    if (s > 1.5f) { acc += s; count++; }
    else if (s != s) continue;
    state[i & 3] = s;
    x[i] = (float)(int)(s * 3) + sbox[i & 3];
  }
  while (acc > 100.0f && n > 0) { acc *= 0.5f; n--; }
  return acc > 0 ? acc : -acc;
}
