/* Ends that depend on arguments: never running, adding, comparing with <= and counting down. */
#include <stdint.h>
int counters_by_parameter(int a[16], signed char n, signed char m)
{
    int total = 0;
    int i;
    for (i = n; i <= m; i++)
        total += a[i & 15];
    total = total * 31 + i;
    for (i = m; i > n - 3; i--)
        total ^= a[i & 15] + i;
    total = total * 31 + i;
    for (int8_t j = 0; j < n; j++)
        total += j * a[j & 7];
    for (int j = n; j < 2 * m + 1; j += 3)
        total -= j;
    return total;
}
