/*
 * md_grid: forces between atoms that lie in neighbouring cells of a grid.
 *
 * Space is cut into 4 × 4 × 4 cells of up to 10 atoms. Each atom meets those of its own cell and of the cells
 * around it; the force between two atoms follows from the potential of Lennard and Jones, with both
 * coefficients scaled.
 *
 * Written for seer from the formula.
 */

#include <stdint.h>

#ifndef SIDE
#define SIDE 4
#endif
#define DENSITY 10
typedef double TYPE;

#define LJ1 1.5
#define LJ2 2.0

typedef struct {
    TYPE x, y, z;
} vector;

#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define MIN(a, b) ((a) < (b) ? (a) : (b))

void md_grid(int32_t atoms[SIDE][SIDE][SIDE], vector force[SIDE][SIDE][SIDE][DENSITY],
             vector position[SIDE][SIDE][SIDE][DENSITY])
{
    int32_t i_x, i_y, i_z, j_x, j_y, j_z, p, q, q_range;

cells_x:
    for (i_x = 0; i_x < SIDE; i_x++) {
    cells_y:
        for (i_y = 0; i_y < SIDE; i_y++) {
        cells_z:
            for (i_z = 0; i_z < SIDE; i_z++) {
            around_x:
                for (j_x = MAX(0, i_x - 1); j_x < MIN(SIDE, i_x + 2); j_x++) {
                around_y:
                    for (j_y = MAX(0, i_y - 1); j_y < MIN(SIDE, i_y + 2); j_y++) {
                    around_z:
                        for (j_z = MAX(0, i_z - 1); j_z < MIN(SIDE, i_z + 2); j_z++) {
                            q_range = atoms[j_x][j_y][j_z];
                        atoms_p:
                            for (p = 0; p < atoms[i_x][i_y][i_z]; p++) {
                                vector here = position[i_x][i_y][i_z][p];
                                TYPE sum_x = force[i_x][i_y][i_z][p].x;
                                TYPE sum_y = force[i_x][i_y][i_z][p].y;
                                TYPE sum_z = force[i_x][i_y][i_z][p].z;
                            atoms_q:
                                for (q = 0; q < q_range; q++) {
                                    vector there = position[j_x][j_y][j_z][q];
                                    if (there.x != here.x || there.y != here.y || there.z != here.z) {
                                        TYPE d_x = here.x - there.x;
                                        TYPE d_y = here.y - there.y;
                                        TYPE d_z = here.z - there.z;
                                        TYPE r2_inverse = 1.0 / (d_x * d_x + d_y * d_y + d_z * d_z);
                                        TYPE r6_inverse = r2_inverse * r2_inverse * r2_inverse;
                                        TYPE potential = r6_inverse * (LJ1 * r6_inverse - LJ2);
                                        TYPE f = r2_inverse * potential;
                                        sum_x += f * d_x;
                                        sum_y += f * d_y;
                                        sum_z += f * d_z;
                                    }
                                }
                                force[i_x][i_y][i_z][p].x = sum_x;
                                force[i_x][i_y][i_z][p].y = sum_y;
                                force[i_x][i_y][i_z][p].z = sum_z;
                            }
                        }
                    }
                }
            }
        }
    }
}
