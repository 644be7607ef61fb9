/*
 * md_knn: forces between atoms and their nearest neighbours.
 *
 * Each of 256 atoms has a list of 16 neighbours; the force between two atoms follows from the potential of
 * Lennard and Jones, with both coefficients scaled.
 *
 * Written for seer from the formula.
 */

#include <stdint.h>

#ifndef ATOMS
#define ATOMS 256
#endif
#define NEIGHBOURS 16
typedef double TYPE;

#define LJ1 1.5
#define LJ2 2.0

void md_knn(TYPE force_x[ATOMS], TYPE force_y[ATOMS], TYPE force_z[ATOMS], TYPE position_x[ATOMS],
            TYPE position_y[ATOMS], TYPE position_z[ATOMS], int32_t neighbours[ATOMS * NEIGHBOURS])
{
    TYPE del_x, del_y, del_z, i_x, i_y, i_z, j_x, j_y, j_z;
    TYPE r2_inverse, r6_inverse, potential, force;
    TYPE f_x, f_y, f_z;
    int32_t i, j, index;

loop_i:
    for (i = 0; i < ATOMS; i++) {
        i_x = position_x[i];
        i_y = position_y[i];
        i_z = position_z[i];
        f_x = 0;
        f_y = 0;
        f_z = 0;
    loop_j:
        for (j = 0; j < NEIGHBOURS; j++) {
            index = neighbours[i * NEIGHBOURS + j];
            j_x = position_x[index];
            j_y = position_y[index];
            j_z = position_z[index];
            del_x = i_x - j_x;
            del_y = i_y - j_y;
            del_z = i_z - j_z;
            r2_inverse = 1.0 / (del_x * del_x + del_y * del_y + del_z * del_z);
            r6_inverse = r2_inverse * r2_inverse * r2_inverse;
            potential = r6_inverse * (LJ1 * r6_inverse - LJ2);
            force = r2_inverse * potential;
            f_x += del_x * force;
            f_y += del_y * force;
            f_z += del_z * force;
        }
        force_x[i] = f_x;
        force_y[i] = f_y;
        force_z[i] = f_z;
    }
}
