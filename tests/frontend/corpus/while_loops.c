/* while loops: conditions that read what the body writes, pure and with effects, nested, never entered. */
#include <stdint.h>
int while_loops(uint16_t a[8], int n)
{
    int steps = 0;
    uint16_t x = n, y = a[0];
    while (y != 0) {
        uint16_t t = x % y;
        x = y;
        y = t;
        steps++;
    }
    a[1] = x;
    unsigned left = n & 15;
    while (left--) {
        unsigned inner = left;
        while (inner > 2 && a[inner & 7] < 40000) {
            a[inner & 7] += left;
            inner -= 2;
        }
        steps += inner;
    }
    a[2] = left;
    while (0)
        steps = 77;
    while ((n >>= 1) > 0)
        steps++;
    return steps;
}
