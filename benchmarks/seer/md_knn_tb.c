/* Atoms on a disturbed grid, each with the list of its 16 nearest others. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>

#ifndef ATOMS
#define ATOMS 256
#endif
#define NEIGHBOURS 16

void md_knn(double force_x[ATOMS], double force_y[ATOMS], double force_z[ATOMS], double position_x[ATOMS],
            double position_y[ATOMS], double position_z[ATOMS], int32_t neighbours[ATOMS * NEIGHBOURS]);

static double force[3][ATOMS], position[3][ATOMS];
static int32_t neighbours[ATOMS * NEIGHBOURS];

static uint32_t state = 4711u;

static double disturbance(void)
{
    state = state * 1664525u + 1013904223u;
    return (double)(state >> 8) / 16777216.0 * 0.6 - 0.3;
}

static double distance(int a, int b)
{
    double sum = 0.0;
    for (int axis = 0; axis < 3; axis++) {
        double difference = position[axis][a] - position[axis][b];
        sum += difference * difference;
    }
    return sum;
}

int main(void)
{
    for (int atom = 0; atom < ATOMS; atom++) {
        position[0][atom] = atom % 8 + disturbance();
        position[1][atom] = atom / 8 % 8 + disturbance();
        position[2][atom] = atom / 64 + disturbance();
    }
    for (int atom = 0; atom < ATOMS; atom++) {
        int taken[ATOMS] = {0};
        taken[atom] = 1;
        for (int place = 0; place < NEIGHBOURS; place++) {
            int nearest = -1;
            for (int other = 0; other < ATOMS; other++) {
                if (!taken[other] && (nearest < 0 || distance(atom, other) < distance(atom, nearest))) {
                    nearest = other;
                }
            }
            taken[nearest] = 1;
            neighbours[atom * NEIGHBOURS + place] = nearest;
        }
    }
    md_knn(force[0], force[1], force[2], position[0], position[1], position[2], neighbours);

    double total = 0.0;
    for (int axis = 0; axis < 3; axis++) {
        for (int atom = 0; atom < ATOMS; atom++) {
            total += fabs(force[axis][atom]);
        }
    }
    printf("sum of forces %g\n", total);
    return !(total > 0.0 && total < 1e9);
}
