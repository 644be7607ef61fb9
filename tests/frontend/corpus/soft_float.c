/* Addition of binary64 numbers in integer arithmetic: long expressions of shifts, masks and early returns. */
#include <stdint.h>
typedef uint64_t float64;
typedef int16_t int16;
typedef int flag;
#define LIT64(a) a##ULL
static int8_t count_leading_zeros(uint64_t a)
{
    int8_t count = 0;
    for (int shift = 32; shift; shift >>= 1)
        if (!(a >> (64 - shift))) {
            count += shift;
            a <<= shift;
        }
    return count;
}
static void shift_right_jamming(uint64_t a, int16 count, uint64_t *z_ptr)
{
    uint64_t z;
    if (count == 0)
        z = a;
    else if (count < 64)
        z = (a >> count) | ((a << ((-count) & 63)) != 0);
    else
        z = (a != 0);
    *z_ptr = z;
}
static float64 pack(flag sign, int16 exp, uint64_t sig) { return ((uint64_t)sign << 63) + ((uint64_t)exp << 52) + sig; }
static float64 add_significands(float64 a, float64 b, flag sign)
{
    int16 a_exp = (a >> 52) & 0x7FF, b_exp = (b >> 52) & 0x7FF, z_exp, difference = a_exp - b_exp;
    uint64_t a_sig = (a & LIT64(0x000FFFFFFFFFFFFF)) << 9, b_sig = (b & LIT64(0x000FFFFFFFFFFFFF)) << 9, z_sig;
    if (0 < difference) {
        if (a_exp == 0x7FF)
            return a_sig ? a | 1 : a;
        if (b_exp == 0)
            --difference;
        else
            b_sig |= LIT64(0x2000000000000000);
        shift_right_jamming(b_sig, difference, &b_sig);
        z_exp = a_exp;
    } else if (difference < 0) {
        if (b_exp == 0x7FF)
            return b_sig ? b : pack(sign, 0x7FF, 0);
        if (a_exp == 0)
            ++difference;
        else
            a_sig |= LIT64(0x2000000000000000);
        shift_right_jamming(a_sig, -difference, &a_sig);
        z_exp = b_exp;
    } else {
        if (a_exp == 0x7FF)
            return a;
        if (a_exp == 0)
            return pack(sign, 0, (a_sig + b_sig) >> 9);
        z_sig = LIT64(0x4000000000000000) + a_sig + b_sig;
        return pack(sign, a_exp, z_sig >> 10);
    }
    a_sig |= LIT64(0x2000000000000000);
    z_sig = (a_sig + b_sig) << 1;
    --z_exp;
    if ((int64_t)z_sig < 0) {
        z_sig = a_sig + b_sig;
        ++z_exp;
    }
    return pack(sign, z_exp, z_sig >> count_leading_zeros(z_sig | 1));
}
void soft_float(float64 a[4], float64 b[4], float64 z[4])
{
    for (int i = 0; i < 4; i++) {
        flag a_sign = a[i] >> 63, b_sign = b[i] >> 63;
        z[i] = a_sign == b_sign ? add_significands(a[i], b[i], a_sign) : a[i] ^ b[i];
    }
}
