#define DATA_TYPE double
#define NI 6
#define NJ 7
#define SCALAR_VAL(x) x
void scaled(int ni, int nj, DATA_TYPE alpha, DATA_TYPE C[NI][NJ], DATA_TYPE A[NI][NJ], float w[NI]) {
  int i, j;
  for (i = 0; i < ni && i < NI; i++) {
    for (j = 0; j < NJ; j++) {
      C[i][j] *= SCALAR_VAL(0.0) + alpha;
      C[i][j] += A[i][j] > 0.0 ? A[i][j] : w[i];
    }
    w[i] = (float)C[i][0] + (unsigned char)w[i];
  }
}
