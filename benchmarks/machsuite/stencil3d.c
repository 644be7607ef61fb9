/*
 * stencil3d: each inner point of a grid of 32 by 32 by 16 becomes a weighted sum of itself and its six neighbours.
 *
 * The six faces of the grid are copied: first those in front and behind, then left and right, then below and above.
 * Written for seer from the algorithm, at MachSuite's size and type.
 */

#define PLANES 32
#define COLUMNS 32
#define ROWS 16
#define AT(i, j, k) ((k) + ROWS * ((j) + COLUMNS * (i)))

void stencil3d(const int C[2], const int orig[PLANES * COLUMNS * ROWS], int sol[PLANES * COLUMNS * ROWS])
{
front_columns:
    for (int j = 0; j < COLUMNS; j++) {
    front_rows:
        for (int k = 0; k < ROWS; k++) {
            sol[AT(0, j, k)] = orig[AT(0, j, k)];
            sol[AT(PLANES - 1, j, k)] = orig[AT(PLANES - 1, j, k)];
        }
    }
side_planes:
    for (int i = 1; i < PLANES - 1; i++) {
    side_rows:
        for (int k = 0; k < ROWS; k++) {
            sol[AT(i, 0, k)] = orig[AT(i, 0, k)];
            sol[AT(i, COLUMNS - 1, k)] = orig[AT(i, COLUMNS - 1, k)];
        }
    }
end_planes:
    for (int i = 1; i < PLANES - 1; i++) {
    end_columns:
        for (int j = 1; j < COLUMNS - 1; j++) {
            sol[AT(i, j, 0)] = orig[AT(i, j, 0)];
            sol[AT(i, j, ROWS - 1)] = orig[AT(i, j, ROWS - 1)];
        }
    }
planes:
    for (int i = 1; i < PLANES - 1; i++) {
    columns:
        for (int j = 1; j < COLUMNS - 1; j++) {
        rows:
            for (int k = 1; k < ROWS - 1; k++) {
                int around = orig[AT(i + 1, j, k)] + orig[AT(i - 1, j, k)] + orig[AT(i, j + 1, k)]
                           + orig[AT(i, j - 1, k)] + orig[AT(i, j, k + 1)] + orig[AT(i, j, k - 1)];
                sol[AT(i, j, k)] = C[0] * orig[AT(i, j, k)] + C[1] * around;
            }
        }
    }
}
