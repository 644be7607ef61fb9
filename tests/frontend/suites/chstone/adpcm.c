/* An ADPCM coder in the manner of the IMA's, on file-scope state. */
#include <stdio.h>
#define SIZE 24
int test_data[SIZE] = { 0x44, 0x44, 0x43, 0x43, 0x43, 0x42, 0x41, 0x3f, 0x3c, -0x39, 0x36, 1000 };
int compressed[SIZE], result[SIZE];
int ilr, rlt, al1, al2, plt, plt1, plt2;
int delay_bpl[6], delay_dltx[6];
const int qq4_code4_table[16] = { 0, -20456, -12896, -8968, -6288, -4240, -2584, -1200, 20456, 12896, 8968, 6288, 4240, 2584, 1200, 0 };
static const int step_table[16] = { 7, 8, 9, 10, 12, 14, 17, 20, 24, 30, 37, 46, 60, 80, 100, 128 };

int abs (int n) { int m; if (n >= 0) m = n; else m = -n; return m; }

int filtez (int *bpl, int *dlt)
{
  int i;
  long int zl;
  zl = (long) (*bpl++) * (*dlt++);
  for (i = 1; i < 6; i++)
    zl += (long) (*bpl++) * (*dlt++);
  return ((int) (zl >> 14));
}

void upzero (int dlt, int *dlti, int *bli)
{
  int i, wd2, wd3;
  if (dlt == 0)
    {
      for (i = 0; i < 6; i++)
	{
	  bli[i] = (int) ((255L * bli[i]) >> 8L);
	}
    }
  else
    {
      for (i = 0; i < 6; i++)
	{
	  if ((long) dlt * dlti[i] >= 0)
	    wd2 = 128;
	  else
	    wd2 = -128;
	  wd3 = (int) ((255L * bli[i]) >> 8L);
	  bli[i] = wd2 + wd3;
	}
    }
  dlti[5] = dlti[4];
  dlti[4] = dlti[3];
  dlti[3] = dlti[2];
  dlti[2] = dlti[1];
  dlti[1] = dlti[0];
  dlti[0] = dlt;
}

int uppol1 (int al1, int apl2, int plt, int plt1)
{
  long int wd2;
  int wd3, apl1;
  wd2 = ((long) al1 * 255L) >> 8L;
  if ((long) plt * plt1 >= 0L) apl1 = (int) wd2 + 192;
  else apl1 = (int) wd2 - 192;
  wd3 = 15360 - apl2;
  if (apl1 > wd3) apl1 = wd3;
  if (apl1 < -wd3) apl1 = -wd3;
  return (apl1);
}

int encode (int xin, int step)
{
  int mag = abs (xin), code;
  for (code = 0; code < 7 && mag > step * code; code++);
  return xin < 0 ? code | 8 : code;
}

void reset ()
{
  int i;
  ilr = rlt = al1 = al2 = plt = plt1 = plt2 = 0;
  for (i = 0; i < 6; i++) { delay_dltx[i] = 0; delay_bpl[i] = 0; }
}

void adpcm_main (void)
{
  int i, predicted, code;
  reset ();
  for (i = 0; i < SIZE; i++)
    {
      predicted = filtez (delay_bpl, delay_dltx);
      code = encode (test_data[i] - predicted, step_table[i & 15]);
      compressed[i] = code;
      al1 = uppol1 (al1, al2, plt, plt1);
      plt1 = plt;
      plt = predicted;
      upzero (qq4_code4_table[code & 15] >> 4, delay_dltx, delay_bpl);
      result[i] = predicted + (al1 >> 4);
    }
}

int main ()
{
  int i, main_result = 0;
  adpcm_main ();
  for (i = 0; i < SIZE / 2; i++) if (compressed[i] != result[i]) main_result += 1;
  printf ("%d\n", main_result);
  return main_result;
}
