/* Macros, enums, sizeof, const variables and constant arithmetic. */
#include <limits.h>
#define ROWS 4
#define COLS (ROWS * 3)
#define AT(r, c) ((r)*COLS + (c))
enum mode { SLOW = 3, FAST, LAST = FAST + 7 };
static const int bias = -5;
const unsigned char narrow = 250 + 10;
void constants(int a[ROWS * COLS], int out[ROWS * COLS])
{
    const int rows = ROWS;
    int cols = COLS;
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < cols; c++)
            out[AT(r, c)] = a[AT(r, c)] * LAST + bias + narrow + 'A' + (int)sizeof(short) + UCHAR_MAX % FAST;
    for (unsigned long i = 0; i < sizeof(int) * 2; i++)
        out[i] += INT_MAX / 2 + (1 << 4) + (-7 / 2) + (-7 % 2) + (-8 >> 1) + !SLOW + (3 > 2 ? 10 : 20);
}
