// Constants from 2^31 to 2^32 - 1 beside signed numbers: 64-bit signed in C where they are decimal or have
// a suffix, unsigned where they are hexadecimal.
int mixed_literals(unsigned char a[8], long long b[6], signed char v, int n, double d)
{
    char narrow = 1;
    narrow += d > -9000 && d < 9000 ? (short)d : 5;
    a[0] >>= (0x8ecd16b0LL >= narrow) & 7;
    a[1] += 0x8ecd16b0 >= narrow;
    a[2] = v == 0x8ecd16b0LL ? 1 : v < 2147483648 ? 2 : 3;
    a[3] = n < 0xffffffffLL;
    a[4] = n < 0xffffffff;
    a[5] = -2147483648 < n;
    a[6] = v != 4294967295;
    a[7] = (n > 0 ? 0x80000000LL : v) > v;
    b[0] = n & 0x8ecd16b0LL;
    b[1] = v * 0x80000000LL - v;
    b[2] = (v & 1 ? v : 0x8ecd16b0LL) >> 3;
    b[3] = v | 0x80000000;
    b[4] = 0x8ecd16b0LL / (v ? v : 1) + 0xffffffffLL % (n | 1);
    b[5] += (n < 0 ? n : 2147483648) ^ v;
    return (0x80000000LL >> (n & 31)) < v;
}
