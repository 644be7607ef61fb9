/* IEEE 754 addition in integers. */
#include <stdio.h>
typedef int flag;
typedef int int16;
typedef unsigned int bits32;
typedef unsigned long long int bits64;
typedef signed long long int sbits64;
typedef unsigned long long float64;
#define LIT64( a ) a##LL
#define float_round_nearest_even 0
#define float_round_to_zero      1
#define float_flag_inexact    1
#define float_flag_invalid   16
#define INLINE inline
#define float64_default_nan LIT64( 0x7FFFFFFFFFFFFFFF )
#define N 6
const float64 a_input[N] = { 0x7FF8000000000000ULL, 0x7FF0000000000000ULL, 0x4000000000000000ULL, 0x3FF0000000000000ULL, 0x0000000000000001ULL, 0xC00FAC0000123456ULL };
const float64 b_input[N] = { 0x3FF0000000000000ULL, 0xFFF0000000000000ULL, 0x3FF0000000000000ULL, 0xBFF0000000000000ULL, 0x8000000000000003ULL, 0x400FAC0000123400ULL };

int float_rounding_mode = float_round_nearest_even;
int float_exception_flags = 0;

void float_raise (int flags) { float_exception_flags |= flags; }

static INLINE void shift64RightJamming (bits64 a, int16 count, bits64 * zPtr)
{
  bits64 z;
  if (count == 0)
    {
      z = a;
    }
  else if (count < 64)
    {
      z = (a >> count) | ((a << ((-count) & 63)) != 0);
    }
  else
    {
      z = (a != 0);
    }
  *zPtr = z;
}

static int countLeadingZeros32 (bits32 a)
{
  static const int countLeadingZerosHigh[16] = { 4, 3, 2, 2, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0 };
  int shiftCount = 0;
  while (!(a & 0xF0000000) && shiftCount < 28) { shiftCount += 4; a <<= 4; }
  shiftCount += countLeadingZerosHigh[a >> 28];
  return shiftCount;
}

static int countLeadingZeros64 (bits64 a)
{
  int shiftCount = 0;
  if (a < ((bits64) 1) << 32) shiftCount += 32;
  else a >>= 32;
  shiftCount += countLeadingZeros32 (a);
  return shiftCount;
}

static INLINE bits64 extractFloat64Frac (float64 a) { return a & LIT64 (0x000FFFFFFFFFFFFF); }
static INLINE int16 extractFloat64Exp (float64 a) { return (a >> 52) & 0x7FF; }
static INLINE flag extractFloat64Sign (float64 a) { return a >> 63; }
static INLINE float64 packFloat64 (flag zSign, int16 zExp, bits64 zSig)
{ return (((bits64) zSign) << 63) + (((bits64) zExp) << 52) + zSig; }

static float64 roundAndPackFloat64 (flag zSign, int16 zExp, bits64 zSig)
{
  int roundingMode;
  flag roundNearestEven, isTiny;
  int16 roundIncrement, roundBits;
  roundingMode = float_rounding_mode;
  roundNearestEven = (roundingMode == float_round_nearest_even);
  roundIncrement = 0x200;
  if (!roundNearestEven) roundIncrement = 0;
  roundBits = zSig & 0x3FF;
  if (0x7FD <= (bits32) zExp)
    {
      if ((0x7FD < zExp) || ((zExp == 0x7FD) && ((sbits64) (zSig + roundIncrement) < 0)))
	{
	  float_raise (float_flag_inexact);
	  return packFloat64 (zSign, 0x7FF, 0) - (roundIncrement == 0);
	}
      if (zExp < 0)
	{
	  isTiny = (zExp < -1) || (zSig + roundIncrement < (bits64) LIT64 (0x8000000000000000));
	  shift64RightJamming (zSig, -zExp, &zSig);
	  zExp = 0;
	  roundBits = zSig & 0x3FF;
	  if (isTiny && roundBits) float_raise (float_flag_inexact);
	}
    }
  if (roundBits) float_exception_flags |= float_flag_inexact;
  zSig = (zSig + roundIncrement) >> 10;
  zSig &= ~(((roundBits ^ 0x200) == 0) & roundNearestEven);
  if (zSig == 0) zExp = 0;
  return packFloat64 (zSign, zExp, zSig);
}

static float64 normalizeRoundAndPackFloat64 (flag zSign, int16 zExp, bits64 zSig)
{
  int16 shiftCount;
  shiftCount = countLeadingZeros64 (zSig) - 1;
  return roundAndPackFloat64 (zSign, zExp - shiftCount, zSig << (shiftCount & 63));
}

static float64 propagateFloat64NaN (float64 a, float64 b)
{
  a |= LIT64 (0x0008000000000000);
  b |= LIT64 (0x0008000000000000);
  return (a << 1) < (b << 1) ? b : a;
}

static float64 addFloat64Sigs (float64 a, float64 b, flag zSign)
{
  int16 aExp, bExp, zExp;
  bits64 aSig, bSig, zSig;
  int16 expDiff;
  aSig = extractFloat64Frac (a);
  aExp = extractFloat64Exp (a);
  bSig = extractFloat64Frac (b);
  bExp = extractFloat64Exp (b);
  expDiff = aExp - bExp;
  aSig <<= 9;
  bSig <<= 9;
  if (0 < expDiff)
    {
      if (aExp == 0x7FF)
	{
	  if (aSig) return propagateFloat64NaN (a, b);
	  return a;
	}
      if (bExp == 0) --expDiff;
      else bSig |= LIT64 (0x2000000000000000);
      shift64RightJamming (bSig, expDiff, &bSig);
      zExp = aExp;
    }
  else if (expDiff < 0)
    {
      if (bExp == 0x7FF)
	{
	  if (bSig) return propagateFloat64NaN (a, b);
	  return packFloat64 (zSign, 0x7FF, 0);
	}
      if (aExp == 0) ++expDiff;
      else aSig |= LIT64 (0x2000000000000000);
      shift64RightJamming (aSig, -expDiff, &aSig);
      zExp = bExp;
    }
  else
    {
      if (aExp == 0x7FF)
	{
	  if (aSig | bSig) return propagateFloat64NaN (a, b);
	  return a;
	}
      if (aExp == 0) return packFloat64 (zSign, 0, (aSig + bSig) >> 9);
      zSig = LIT64 (0x4000000000000000) + aSig + bSig;
      zExp = aExp;
      return roundAndPackFloat64 (zSign, zExp, zSig);
    }
  aSig |= LIT64 (0x2000000000000000);
  zSig = (aSig + bSig) << 1;
  --zExp;
  if ((sbits64) zSig < 0)
    {
      zSig = aSig + bSig;
      ++zExp;
    }
  return roundAndPackFloat64 (zSign, zExp, zSig);
}

float64 float64_add (float64 a, float64 b)
{
  flag aSign, bSign;
  aSign = extractFloat64Sign (a);
  bSign = extractFloat64Sign (b);
  if (aSign == bSign) return addFloat64Sigs (a, b, aSign);
  else return normalizeRoundAndPackFloat64 (aSign, 0x3FE, extractFloat64Frac (a) - extractFloat64Frac (b));
}

int main ()
{
  int main_result;
  int i;
    main_result = 0;
    for (i = 0; i < N; i++)
      {
	float64 result;
	float64 x1, x2;
	x1 = a_input[i];
	x2 = b_input[i];
	result = float64_add (x1, x2);
	main_result += (result != x1);
	printf ("a_input=%016llx b_input=%016llx output=%016llx\n", a_input[i], b_input[i], result);
      }
      printf ("Result: %d\n", main_result);
      return main_result;
}
