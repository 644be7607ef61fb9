/* Ends that are unsigned arguments: narrow ones in sums and differences, and one of 32 bits. */
#include <stdint.h>
unsigned unsigned_counts(unsigned a[16], uint8_t rows, uint16_t columns, unsigned n)
{
    unsigned total = 0;
    unsigned i;
    for (i = 0; i < n; i++)
        total += a[i & 15] ^ i;
    total = total * 31 + i;
    for (uint8_t r = 0; r < rows; r++)
        for (int c = r; c <= columns - 1; c++)
            total = total * 3 + a[(r + c) & 15];
    for (int r = 2 * rows - columns; r >= -rows; r -= 3)
        total ^= r;
    return total;
}
