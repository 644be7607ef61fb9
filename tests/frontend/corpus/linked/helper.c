#include "shared.h"
int total;
static int step(int x) { return x * 2; }
int twice(int x)
{
    total ^= 1;
    return step(x);
}
void scale(sample_t data[SIZE], int by)
{
    for (int i = 0; i < SIZE; i++)
        data[i] *= by;
}
