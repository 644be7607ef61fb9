/* Kernels on floats, one top each. */
#include <math.h>
#include <stdint.h>

#define N 8

float dot(float a[64], float b[64]) {
    float s = 0.0f;
    for (int i = 0; i < 64; i++) s += a[i] * b[i];
    return s;
}

void gemm(double a[N][N], double b[N][N], double c[N][N]) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            double sum = 0;
            for (int k = 0; k < N; k++) sum += a[i][k] * b[k][j];
            c[i][j] = sum;
        }
}

void stencil(float in[16][16], float out[16][16], float f[3][3]) {
    for (int r = 0; r < 14; r++)
        for (int c = 0; c < 14; c++) {
            float t = 0;
            for (int k = 0; k < 3; k++)
                for (int m = 0; m < 3; m++) t += f[k][m] * in[r + k][c + m];
            out[r][c] = t;
        }
}

void pull(double x[16], double y[16], double z[16], int neighbour[16][4], double fx[16]) {
    for (int i = 0; i < 16; i++) {
        double sum = 0;
        for (int j = 0; j < 4; j++) {
            int k = neighbour[i][j] & 15;
            double dx = x[i] - x[k], dy = y[i] - y[k], dz = z[i] - z[k];
            double r2 = 1.0 / (dx * dx + dy * dy + dz * dz);
            double r6 = r2 * r2 * r2;
            sum += r2 * r6 * (1.5 * r6 - 2.0) * dx;
        }
        fx[i] = sum;
    }
}

float norm(float v[32], float unit[32]) {
    float s = 0;
    for (int i = 0; i < 32; i++) s += v[i] * v[i];
    float length = sqrtf(s);
    for (int i = 0; i < 32; i++) unit[i] = v[i] / length;
    return length;
}

void convert(int8_t small[32], uint64_t large[32], float f[32], double d[32], int out[32], uint8_t pixel[32]) {
    for (int i = 0; i < 32; i++) {
        f[i] = (float)large[i] + small[i];
        d[i] = (double)f[i] * 0.5 + (double)(int64_t)large[i];
        float bounded = fmaxf(fminf(f[i], 1000.0f), -1000.0f);
        out[i] = bounded == bounded ? (int)bounded : 0;
        pixel[i] = small[i] > 0 ? (uint8_t)((float)small[i] * 1.5f) : (uint8_t)0;
        f[i] = (float)d[i];
    }
}

int range(float a[32], float least[1], float most[1]) {
    float lo = a[0], hi = a[0];
    int positive = 0;
    for (int i = 1; i < 32; i++) {
        if (a[i] < lo) lo = a[i];
        if (a[i] >= hi) hi = a[i];
        if (fabsf(a[i]) > 1.0f && a[i] != hi) positive++;
        if (!(a[i] <= 0)) positive += 2;
    }
    *least = -lo;
    *most = hi;
    return positive;
}

int newton(double a[1]) {
    double x = a[0], guess = 1.0;
    int steps = 0;
    while (fabs(guess * guess - x) > 1e-9 * x && steps < 40) {
        guess = 0.5 * (guess + x / guess);
        steps++;
    }
    a[0] = guess;
    return steps;
}
