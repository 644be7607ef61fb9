#include <string.h>
static const short weights[4][3] = {{1, 2, 3}, {-4, 5}, {7, -8, 9}};
const unsigned char text[] = "abc\n\377";
enum { SIZE = 6, BIAS = -3 };
int local_arrays(int a[SIZE], const char out[8]) {
    int first[SIZE] = {1, [3] = 7, 8}, second[2][3] = {{a[0]}, {1, 2}}, sum = 0, copy[SIZE];
    char name[8] = "top";
    const int fixed[3] = {10, 20, 30};
    static const int table[5] = {5, 4, 3, 2, 1};
    for (int i = 0; i < SIZE; i++) first[i] += a[i] * table[i % 5];
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 3; j++) sum += weights[i][j] * first[(i + j) % SIZE];
    memcpy(copy, first, sizeof(first));
    memset(first, 0, sizeof first);
    for (int i = 0; i < 3; i++) second[1][i] += fixed[i] + text[i] + text[4] + name[i] + out[i];
    for (int i = 0; i < SIZE; i++) a[i] = copy[i] + first[i] + second[i & 1][i % 3] + BIAS;
    return sum + "xyz"[a[0] & 1];
}
