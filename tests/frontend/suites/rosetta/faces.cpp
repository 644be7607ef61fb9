/* A cascade of rectangle features over a window, with tables in a header, and an integer square root. */
#include "faces.h"
typedef unsigned char uchar;
typedef struct MySize { int width; int height; } MySize;
typedef struct MyRect { int x; int y; MySize size; } MyRect;

unsigned int int_sqrt ( unsigned int value )
{
  int i;
  unsigned int a = 0, b = 0, c = 0;
  for ( i = 0 ; i < (32 >> 1) ; i++ )
  {
    c <<= 2;
    #define UPPERBITS(value) (value>>30)
    c += UPPERBITS(value);
    #undef UPPERBITS
    value <<= 2;
    a <<= 1;
    b = (a<<1) | 1;
    if ( c >= b ) { c -= b; a++; }
  }
  return a;
}
static int myRound ( float value ) { return (int)(value + (value >= 0 ? 0.5 : -0.5)); }

int evalWeakClassifier(int variance_norm_factor, int II[WINDOW_SIZE][WINDOW_SIZE], int haar_counter)
{
  int t = tree_thresh_array[haar_counter] * variance_norm_factor;
  const int *r = rectangles_array[haar_counter];
  int sum = (II[r[1]][r[0]] - II[r[1] + r[3]][r[0]] - II[r[1]][r[0] + r[2]] + II[r[1] + r[3]][r[0] + r[2]]) * r[4];
  return sum >= t ? alpha2_array[haar_counter] : alpha1_array[haar_counter];
}
bool cascadeClassifier(int SUM1_data[WINDOW_SIZE][WINDOW_SIZE], MyRect &found, float scale)
{
  int stdDev = int_sqrt(SUM1_data[WINDOW_SIZE - 1][WINDOW_SIZE - 1] & 0xffff), stage_sum;
  int haar_counter = 0;
  EACH_STAGE: for (int i = 0; i < STAGES; i++)
  {
    stage_sum = 0;
    for (int j = 0; j < stages_array[i]; j++) { stage_sum += evalWeakClassifier(stdDev, SUM1_data, haar_counter); haar_counter++; }
    if (stage_sum < 0.4 * stages_thresh_array[i]) return false;
  }
  found.x = myRound(found.x * 1.0f);
  found.size.width = myRound(scale > 0 && scale < 4 ? 25 * scale : 25);
  return true;
}
int processImage(uchar image[WINDOW_SIZE][WINDOW_SIZE], MyRect *result, float scale)
{
  int integral[WINDOW_SIZE][WINDOW_SIZE];
  for (int y = 0; y < WINDOW_SIZE; y++)
    for (int x = 0; x < WINDOW_SIZE; x++)
      integral[y][x] = image[y][x] + (x ? integral[y][x - 1] : 0) + (y ? integral[y - 1][x] : 0) - (x && y ? integral[y - 1][x - 1] : 0);
  return cascadeClassifier(integral, *result, scale) ? 1 : 0;
}
