/* Products of 64 bits by 64 in 128, reduced; exponentiation by squaring. */
#include <stdint.h>
typedef unsigned __int128 u128;
static uint64_t product(uint64_t a, uint64_t b, uint64_t m) { return (u128)a * b % m; }
uint64_t multiply_modulo(uint64_t base[3], uint32_t exponent[3], uint64_t modulus)
{
    uint64_t last = 0, m = modulus | 1;
    for (int i = 0; i < 3; i++) {
        uint64_t result = 1, x = base[i] % m;
        for (uint32_t e = exponent[i] & 0xfff; e; e >>= 1) {
            if (e & 1)
                result = product(result, x, m);
            x = product(x, x, m);
        }
        base[i] = last = result;
    }
    __int128 wide = (__int128)(int64_t)base[0] * (int64_t)base[1];
    exponent[0] = wide < 0;
    exponent[1] = (uint32_t)(wide >> 96);
    return last ^ (uint64_t)(-wide / 3);
}
