/* Projects, rasterises and colours triangles. */
#include <stdio.h>
const int MAX_X = 16;
const int MAX_Y = 16;
const int NUM_3D_TRI = 4;
typedef unsigned char bit8;
typedef unsigned int bit32;
// struct: 3D triangle
typedef struct
{
  bit8   x0; bit8   y0; bit8   z0;
  bit8   x1; bit8   y1; bit8   z1;
  bit8   x2; bit8   y2; bit8   z2;
} Triangle_3D;
typedef struct
{
  bit8   x0; bit8   y0;
  bit8   x1; bit8   y1;
  bit8   x2; bit8   y2;
  bit8   z;
} Triangle_2D;
typedef struct
{
  bit8   x; bit8   y; bit8   z; bit8   color;
} CandidatePixel;
typedef struct { bit8 r, g, b; } RGB;

bit8 find_min( bit8 in0, bit8 in1, bit8 in2 )
{
  if (in0 < in1) { if (in0 < in2) return in0; else return in2; }
  else { if (in1 < in2) return in1; else return in2; }
}
bit8 find_max( bit8 in0, bit8 in1, bit8 in2 ) { return in0 > in1 ? (in0 > in2 ? in0 : in2) : (in1 > in2 ? in1 : in2); }
int check_clockwise( Triangle_2D triangle_2d )
{
  return (triangle_2d.x2 - triangle_2d.x0) * (triangle_2d.y1 - triangle_2d.y0) - (triangle_2d.y2 - triangle_2d.y0) * (triangle_2d.x1 - triangle_2d.x0);
}
void clockwise_vertices( Triangle_2D *triangle_2d )
{
  bit8 tmp_x, tmp_y;
  tmp_x = triangle_2d->x0; tmp_y = triangle_2d->y0;
  triangle_2d->x0 = triangle_2d->x1; triangle_2d->y0 = triangle_2d->y1;
  triangle_2d->x1 = tmp_x; triangle_2d->y1 = tmp_y;
}
bool pixel_in_triangle( bit8 x, bit8 y, Triangle_2D t )
{
  int pi0 = (x - t.x0) * (t.y1 - t.y0) - (y - t.y0) * (t.x1 - t.x0);
  int pi1 = (x - t.x1) * (t.y2 - t.y1) - (y - t.y1) * (t.x2 - t.x1);
  int pi2 = (x - t.x2) * (t.y0 - t.y2) - (y - t.y2) * (t.x0 - t.x2);
  return (pi0 >= 0 && pi1 >= 0 && pi2 >= 0);
}
void projection ( Triangle_3D triangle_3d, Triangle_2D *triangle_2d, int angle )
{
  if (angle == 0)
  {
    triangle_2d->x0 = triangle_3d.x0; triangle_2d->y0 = triangle_3d.y0;
    triangle_2d->x1 = triangle_3d.x1; triangle_2d->y1 = triangle_3d.y1;
    triangle_2d->x2 = triangle_3d.x2; triangle_2d->y2 = triangle_3d.y2;
    triangle_2d->z  = triangle_3d.z0 / 3 + triangle_3d.z1 / 3 + triangle_3d.z2 / 3;
  }
  else
  {
    triangle_2d->x0 = triangle_3d.z0; triangle_2d->y0 = triangle_3d.y0;
    triangle_2d->x1 = triangle_3d.z1; triangle_2d->y1 = triangle_3d.y1;
    triangle_2d->x2 = triangle_3d.z2; triangle_2d->y2 = triangle_3d.y2;
    triangle_2d->z  = triangle_3d.x0 / 3 + triangle_3d.x1 / 3 + triangle_3d.x2 / 3;
  }
}
int rasterization2 ( Triangle_2D triangle_2d, CandidatePixel fragment[64] )
{
  if ( check_clockwise( triangle_2d ) == 0 ) return 0;
  if ( check_clockwise( triangle_2d ) < 0 ) clockwise_vertices( &triangle_2d );
  bit8 min_x = find_min( triangle_2d.x0, triangle_2d.x1, triangle_2d.x2 ) % MAX_X;
  bit8 max_x = find_max( triangle_2d.x0, triangle_2d.x1, triangle_2d.x2 ) % MAX_X;
  bit8 max_y = find_max( triangle_2d.y0, triangle_2d.y1, triangle_2d.y2 ) % MAX_Y;
  int i = 0;
  RAST2: for (bit8 y = 0; y < max_y; y ++ )
    for (bit8 x = min_x; x < max_x; x ++ )
    {
      #pragma HLS PIPELINE II=1
      if (i < 64 && pixel_in_triangle( x, y, triangle_2d ))
      {
        fragment[i].x = x;
        fragment[i].y = y;
        fragment[i].z = triangle_2d.z;
        fragment[i].color = 100;
        i++;
      }
    }
  return i;
}
void rendering( Triangle_3D triangle_3ds[NUM_3D_TRI], bit8 output[MAX_X][MAX_Y], RGB *background)
{
  static const int angle = 0;
  Triangle_2D triangle_2ds;
  CandidatePixel fragment[64];
  bit8 z_buffer[MAX_X][MAX_Y];
  for (int i = 0; i < MAX_X; i++) for (int j = 0; j < MAX_Y; j++) { z_buffer[i][j] = 255; output[i][j] = background->g; }
  TRIANGLES: for (int i = 0; i < NUM_3D_TRI; i++)
  {
    projection(triangle_3ds[i], &triangle_2ds, angle);
    int size = rasterization2(triangle_2ds, fragment);
    ZCULLING: for (int n = 0; n < size; n++)
    {
      CandidatePixel p = fragment[n];
      if (p.z < z_buffer[p.y & 15][p.x & 15]) { output[p.x & 15][p.y & 15] = p.color; z_buffer[p.y & 15][p.x & 15] = p.z; }
    }
  }
}
