/* Numbers in no order, and the test that they came out in order: for the benches of both sorts. */
#include <stdint.h>
#include <stdio.h>

#ifndef SIZE
#define SIZE 2048
#endif

static int32_t a[SIZE];

static int64_t fill(int32_t mask)
{
    uint32_t state = 99u;
    int64_t sum = 0;
    for (int i = 0; i < SIZE; i++) {
        state = state * 1664525u + 1013904223u;
        a[i] = (int32_t)(state ^ state >> 15) & mask;
        sum += a[i];
    }
    return sum;
}

static int wrong(int64_t sum)
{
    int faults = 0;
    for (int i = 0; i < SIZE; i++) {
        sum -= a[i];
        faults += i > 0 && a[i - 1] > a[i];
    }
    printf("%d faults\n", faults + (sum != 0));
    return faults + (sum != 0);
}
