unsigned long bit_precise(long a[4], unsigned long b[4], long long c, unsigned long long d) {
    __int128 wide = 0;
    for (int i = 0; i < 4; i++) {
        wide += (__int128)a[i] * c;
        b[i] = (unsigned long)(wide >> 37) ^ (d << 3);
        a[i] = (unsigned __int128)b[i] * d >> 64;
    }
    return wide;
}
