/* Compound assignments compute in the common type and convert back. */
void compound(unsigned char a[16], short b[16], unsigned c[16], signed char d[16], int s)
{
    for (int i = 0; i < 16; i++) {
        a[i] += b[i];
        a[i] *= 3;
        b[i] -= a[i] << 4;
        b[i] >>= a[i] & 7;
        d[i] /= 3;
        d[i] %= 7;
        c[i] <<= 3;
        c[i] /= (unsigned)(s | 1);
        a[i] >>= 1;
        d[i] ^= c[i];
        c[i] |= d[i];
        c[i] %= 1000;
        a[i]++;
        --b[i];
        d[i]--;
        ++c[i];
    }
}
