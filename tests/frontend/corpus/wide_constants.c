// Constants of more than 64 bits, of which libclang gives 64 only.
static const __int128 table[2][2] = {{8, -5}, {0, 18446744073709551615ULL}};
static const unsigned __int128 top = ~(unsigned __int128)0 - 1;
const __int128 step = (__int128)3 << 90;

float wide_constants(__int128 a[4], unsigned __int128 b[2], int x)
{
    const __int128 least = -((__int128)1 << 126) * 2;
    a[0] += step + table[x & 1][1];
    a[1] = least | a[2];
    a[3] -= (__int128)0xffffffffffffffff + x;
    b[0] = top >> (x & 127);
    b[1] ^= top;
    return 1.0 + table[1][1];
}
