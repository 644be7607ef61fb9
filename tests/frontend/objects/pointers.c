int pointers(int a[16], int m[4][4], short s[8]) {
    int *p = a, *end = a + 16, sum = 0;
    const short *q = s;
    while (p < end) { sum += *p++; if (sum > 100000) break; }
    for (int *r = &m[0][0]; r != &m[0][0] + 16; ++r) *r += sum;
    for (int i = 0; i < 8; i++) sum += *q++ * *(a + i) - (q - s);
    int *row = m[2];
    row[1] = *(row + 2) + p[-1];
    int (*rows)[4] = m;
    for (int i = 0; i < 4; i++) rows[i][3] ^= (*rows)[i];
    p = a;
    *p++ = 3;
    *p = *(p - 1) + 1;
    p += 3;
    p[1] = 2[a];
    return sum + (int)(end - p);
}
