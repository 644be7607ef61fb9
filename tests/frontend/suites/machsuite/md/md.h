#include <stdlib.h>
#include <stdio.h>
#include <stdint.h>
#include "support.h"

#define TYPE double
#define nAtoms        12
#define maxNeighbors  3
#define lj1           1.5
#define lj2           2.0

#define blockSide 3
#define densityFactor 2
#define blockEdge 2.0
#define MIN(x,y) ( (x)<(y) ? (x) : (y) )
#define MAX(x,y) ( (x)>(y) ? (x) : (y) )

typedef struct { TYPE x, y, z; } dvector_t;
typedef struct { int32_t x, y, z; } ivector_t;

void md_kernel(TYPE force_x[nAtoms], TYPE force_y[nAtoms], TYPE force_z[nAtoms],
               TYPE position_x[nAtoms], TYPE position_y[nAtoms], TYPE position_z[nAtoms],
               int32_t NL[nAtoms*maxNeighbors]);
void md( int32_t n_points[blockSide][blockSide][blockSide],
         dvector_t force[blockSide][blockSide][blockSide][densityFactor],
         dvector_t position[blockSide][blockSide][blockSide][densityFactor] );

struct bench_args_t {
  int32_t n_points[blockSide][blockSide][blockSide];
  dvector_t force[blockSide][blockSide][blockSide][densityFactor];
  dvector_t position[blockSide][blockSide][blockSide][densityFactor];
  TYPE force_x[nAtoms];
  TYPE force_y[nAtoms];
  TYPE force_z[nAtoms];
  TYPE position_x[nAtoms];
  TYPE position_y[nAtoms];
  TYPE position_z[nAtoms];
  int32_t NL[nAtoms*maxNeighbors];
};
