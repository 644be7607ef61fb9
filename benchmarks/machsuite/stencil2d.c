/*
 * stencil2d: a filter of 3 by 3 coefficients over a grid of 128 rows and 64 columns.
 *
 * The last two rows and columns of the result are left as they are.
 * Written for seer from the algorithm, at MachSuite's size and type.
 */

#define ROWS 128
#define COLUMNS 64
#define TAPS 3

void stencil(const int orig[ROWS * COLUMNS], int sol[ROWS * COLUMNS], const int filter[TAPS * TAPS])
{
rows:
    for (int r = 0; r < ROWS - 2; r++) {
    columns:
        for (int c = 0; c < COLUMNS - 2; c++) {
            int sum = 0;
        taps_down:
            for (int i = 0; i < TAPS; i++) {
            taps_across:
                for (int j = 0; j < TAPS; j++) {
                    sum += filter[i * TAPS + j] * orig[(r + i) * COLUMNS + c + j];
                }
            }
            sol[r * COLUMNS + c] = sum;
        }
    }
}
