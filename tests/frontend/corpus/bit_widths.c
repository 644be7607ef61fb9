/* _BitInt(N): arguments, arrays, locals and constants; it is not promoted, and mixes with int. */
typedef unsigned _BitInt(7) seven;
typedef _BitInt(33) word;
static word clip(word x) { return x > (word)1 << 30 ? (word)1 << 30 : x; }
_BitInt(20) bit_widths(seven a[8], word b[8], unsigned _BitInt(65) c[4], _BitInt(2) d[8], signed _BitInt(12) k,
                       int n, unsigned _BitInt(1) flag)
{
    _BitInt(20) sum = 0;
    for (unsigned _BitInt(4) i = 0; i < 8; i++) {
        a[i] += 100;
        a[i] = a[i] * a[i] >> 3;
        b[i] = clip(b[i] + k * n) - a[i];
        d[i] = d[i] + (_BitInt(2))b[i];
        c[i & 3] = c[i & 3] * 3 + (unsigned _BitInt(65))b[i] + flag;
        sum += b[i] < k ? (_BitInt(20))k : (_BitInt(20))(d[i] - 1);
        sum ^= b[i] / 7 + b[i] % 5;
        n = n * 3 + (int)(c[i & 3] >> 40) + ~a[i] + (a[i] == 5);
        if (flag && !d[i])
            sum <<= 1;
    }
    return sum + n;
}
