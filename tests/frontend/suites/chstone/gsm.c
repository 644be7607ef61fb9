/* Fixed-point helpers and the autocorrelation of a frame, as in GSM 06.10. */
#include <stdio.h>
typedef short word;
typedef long longword;
#define	MIN_WORD	((-32767)-1)
#define	MAX_WORD	( 32767)
#define	SASR(x, by)	((x) >> (by))
#define GSM_MULT_R(a, b)   gsm_mult_r(a, b)
#define GSM_ABS(a)         gsm_abs(a)
#define N 32
#define M 8
word so[N];
word LARc[M];
const word inData[N] = { 81, 10854, 1893, -10291, 7614, 29718, 20475, -29215, -18949, -29806, -32017, 1596, 15744, -3088, -17413, -22123 };
const unsigned char bitoff[256] = {
  8, 7, 6, 6, 5, 5, 5, 5, 4, 4, 4, 4, 4, 4, 4, 4, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3,
  2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
  1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
  1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
};
word gsm_add (word a, word b)
{
  longword sum;
  sum = (longword) a + (longword) b;
  return sum < MIN_WORD ? MIN_WORD : sum > MAX_WORD ? MAX_WORD : sum;
}
word gsm_mult (word a, word b)
{
  if (a == MIN_WORD && b == MIN_WORD) return MAX_WORD;
  else return SASR ((longword) a * (longword) b, 15);
}
word gsm_mult_r (word a, word b)
{
  longword prod;
  if (b == MIN_WORD && a == MIN_WORD) return MAX_WORD;
  else
    {
      prod = (longword) a *(longword) b + 16384;
      prod >>= 15;
      return prod & 0xFFFF;
    }
}
word gsm_abs (word a) { return a < 0 ? (a == MIN_WORD ? MAX_WORD : -a) : a; }
word gsm_norm (longword a)
{
  if (a < 0)
    {
      if (a <= -1073741824) return 0;
      a = ~a;
    }
  return a & 0xffff0000
    ? (a & 0xff000000 ? -1 + bitoff[0xFF & (a >> 24)] : 7 + bitoff[0xFF & (a >> 16)])
    : (a & 0xff00 ? 15 + bitoff[0xFF & (a >> 8)] : 23 + bitoff[0xFF & a]);
}
void Autocorrelation (word * s /* [0..N-1] IN/OUT */, longword * L_ACF /* [0..8] OUT */)
{
  register int k, i;
  word temp, smax, scalauto, n;
  word *sp;
  word sl;
  smax = 0;
  for (k = 0; k <= N - 1; k++)
    {
      temp = GSM_ABS (s[k]);
      if (temp > smax) smax = temp;
    }
  if (smax == 0) scalauto = 0;
  else scalauto = 4 - gsm_norm ((longword) smax << 16);
  if (scalauto > 0 && scalauto <= 4)
    {
      n = scalauto;
      for (k = 0; k <= N - 1; k++) s[k] = GSM_MULT_R (s[k], 16384 >> (n - 1));
    }
  {
    sp = s;
    sl = *sp;
#define STEP(k)	 L_ACF[k] += ((longword)sl * sp[ -(k) ]);
#define NEXTI	 sl = *++sp
    for (k = 8; k >= 0; k--) L_ACF[k] = 0;
    STEP (0);
    NEXTI;
    STEP (0);
    STEP (1);
    NEXTI;
    STEP (0);
    STEP (1);
    STEP (2);
    for (i = 3; i < 8; i++) { NEXTI; for (k = 0; k <= i; k++) STEP (k) }
    for (i = 8; i <= N - 1; i++)
      {
	NEXTI;
	STEP (0);
	STEP (1);
	STEP (2);
	STEP (3);
	STEP (4);
	STEP (5);
	STEP (6);
	STEP (7);
	STEP (8);
      }
    for (k = 8; k >= 0; k--) L_ACF[k] <<= 1;
  }
  if (scalauto > 0)
    {
      for (k = N; k--; *s++ <<= scalauto);
    }
}
void Gsm_LPC_Analysis (word * s, word * LARc)
{
  longword L_ACF[9];
  int i;
  Autocorrelation (s, L_ACF);
  for (i = 0; i < M; i++) LARc[i] = gsm_add ((word) SASR (L_ACF[i], 16), gsm_mult ((word) L_ACF[i + 1], 13107));
}
int main ()
{
  int i, main_result = 0;
  for (i = 0; i < N; i++) so[i] = inData[i];
  Gsm_LPC_Analysis (so, LARc);
  for (i = 0; i < N; i++) main_result += (so[i] != inData[i]);
  for (i = 0; i < M; i++) main_result += LARc[i];
  printf ("%d\n", main_result);
  return main_result;
}
