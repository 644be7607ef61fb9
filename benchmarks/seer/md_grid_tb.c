/* 4 to 10 atoms a cell, at places inside it. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>

#ifndef SIDE
#define SIDE 4
#endif
#define DENSITY 10

typedef struct {
    double x, y, z;
} vector;

void md_grid(int32_t atoms[SIDE][SIDE][SIDE], vector force[SIDE][SIDE][SIDE][DENSITY],
             vector position[SIDE][SIDE][SIDE][DENSITY]);

static int32_t atoms[SIDE][SIDE][SIDE];
static vector force[SIDE][SIDE][SIDE][DENSITY], position[SIDE][SIDE][SIDE][DENSITY];

static uint32_t state = 1234u;

static uint32_t draw(void)
{
    state = state * 1664525u + 1013904223u;
    return state >> 8;
}

int main(void)
{
    for (int x = 0; x < SIDE; x++) {
        for (int y = 0; y < SIDE; y++) {
            for (int z = 0; z < SIDE; z++) {
                atoms[x][y][z] = 4 + draw() % (DENSITY - 3);
                for (int p = 0; p < atoms[x][y][z]; p++) {
                    position[x][y][z][p].x = 5.0 * (x + draw() / 16777216.0);
                    position[x][y][z][p].y = 5.0 * (y + draw() / 16777216.0);
                    position[x][y][z][p].z = 5.0 * (z + draw() / 16777216.0);
                }
            }
        }
    }
    md_grid(atoms, force, position);

    double total = 0.0;
    for (int x = 0; x < SIDE; x++) {
        for (int y = 0; y < SIDE; y++) {
            for (int z = 0; z < SIDE; z++) {
                for (int p = 0; p < atoms[x][y][z]; p++) {
                    total += fabs(force[x][y][z][p].x) + fabs(force[x][y][z][p].y);
                }
            }
        }
    }
    printf("sum of forces %g\n", total);
    return !(total > 0.0);
}
