/* Motion vectors from a bit buffer, as in MPEG-2. */
#include <stdio.h>
#define Num 16
int ld_Incnt;
unsigned int ld_Bfr;
unsigned char inRdbfr[Num];
int ld_Rdptr;
const char MVtab0[8][2] = { {0, 0}, {3, 3}, {2, 2}, {2, 2}, {1, 1}, {1, 1}, {1, 1}, {1, 1} };
int inPMV[2][2][2] = { {{45, 207}, {70, 41}}, {{4, 180}, {120, 216}} };

void Flush_Buffer (int N)
{
  int Incnt;
  ld_Bfr <<= N;
  Incnt = ld_Incnt -= N;
  if (Incnt <= 24)
    {
      do
	{
	  ld_Bfr |= inRdbfr[ld_Rdptr & (Num - 1)] << (24 - Incnt);
	  ld_Rdptr++;
	  Incnt += 8;
	}
      while (Incnt <= 24);
      ld_Incnt = Incnt;
    }
}
unsigned int Show_Bits (int N) { return ld_Bfr >> ((unsigned) (32 - N) % 32); }
unsigned int Get_Bits (int N) { unsigned int Val = Show_Bits (N); Flush_Buffer (N); return Val; }
int Get_motion_code (void)
{
  int code;
  if (Get_Bits (1)) return 0;
  if ((code = Show_Bits (9)) >= 64)
    {
      code >>= 6;
      Flush_Buffer (MVtab0[code & 7][1]);
      return Get_Bits (1) ? -MVtab0[code & 7][0] : MVtab0[code & 7][0];
    }
  return 0;
}
static void decode_motion_vector (int *pred, int r_size, int motion_code, int motion_residual, int full_pel)
{
  int lim, vec;
  r_size = r_size % 32;
  lim = 16 << r_size;
  vec = full_pel ? (*pred >> 1) : (*pred);
  if (motion_code > 0)
    {
      vec += ((motion_code - 1) << r_size) + motion_residual + 1;
      if (vec >= lim) vec -= lim + lim;
    }
  else if (motion_code < 0)
    {
      vec -= ((-motion_code - 1) << r_size) + motion_residual + 1;
      if (vec < -lim) vec += lim + lim;
    }
  *pred = full_pel ? (vec << 1) : vec;
}
void motion_vectors (int PMV[2][2][2], int s, int h_r_size, int full_pel)
{
  int code, residual;
  code = Get_motion_code ();
  residual = (h_r_size != 0 && code != 0) ? Get_Bits (h_r_size) : 0;
  decode_motion_vector (&PMV[0][s][0], h_r_size, code, residual, full_pel);
  PMV[1][s][1] = PMV[0][s][1];
}
int motion_main (void)
{
  ld_Incnt = 0;
  ld_Rdptr = 0;
  ld_Bfr = 68157440;
  Flush_Buffer (0);
  motion_vectors (inPMV, 0, 2, 0);
  motion_vectors (inPMV, 1, 3, 1);
  return inPMV[0][0][0] + inPMV[0][1][0];
}
int main () { int r = motion_main (); printf ("%d\n", r); return 0; }
