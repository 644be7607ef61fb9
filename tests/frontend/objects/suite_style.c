#include <stdio.h>
#include <stdlib.h>
#include <math.h>
#define TYPE double
#define N 5
#define INDX(_row, _col, _n) ((_row) * (_n) + (_col))
#define DATA_TYPE double
#define SCALAR_VAL(x) x
#define _PB_N n
typedef struct { TYPE x, y, z; } dvector_t;
typedef int tok_t;
static void init_array(int n, DATA_TYPE A[N][N]) { for (int i = 0; i < n; i++) A[i][0] = rand(); }
static DATA_TYPE *allocate(void) { return malloc(sizeof(DATA_TYPE) * N); }
void suite_style(int n, TYPE alpha, TYPE A[N][N], TYPE flat[N * N], dvector_t pos[N], tok_t obs[N]) {
    int i, j, k;
    TYPE i_row, temp;
#pragma scop
    outer: for (i = 0; i < N; i++) {
        inner: for (j = 0; j < N; j++) {
            TYPE sum = SCALAR_VAL(0.0);
            dot: for (k = 0; k < N; ++k) {
                temp = flat[INDX(i, k, N)] * A[k][j];
                sum += temp;
            }
            flat[INDX(i, j, N)] = alpha * sum + pos[j].x;
        }
    }
    for (i = 0; i < N; i++) {
        i_row = pos[i].x * pos[i].x + pos[i].y * pos[i].y + pos[i].z * pos[i].z;
        pos[i].z = sqrt(i_row) * (obs[i] % 2 ? 1 : -1);
    }
#pragma endscop
}
int main(int argc, char **argv) { DATA_TYPE *p = allocate(); printf("%f\n", p[0]); free(p); return 0; }
