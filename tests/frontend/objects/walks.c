/* Pointers that walk forwards, backwards and by columns, *(base + i), rows and sub-arrays passed to callees. */
static int dot(const short *a, const short *b, int n)
{
    int sum = 0;
    while (n--)
        sum += *a++ * *b++;
    return sum;
}
static void reverse(short *first, short *last)
{
    while (first < last) {
        short held = *first;
        *first++ = *--last;
        *last = held;
    }
}
static void column(int *base, int stride, int by) { for (int k = 0; k < 4; k++) *(base + k * stride) += by; }
static long plane(short (*p)[3], int which) { return p[which][0] * 100L + (*(p + 1))[2] + *(*p + 1); }
long walks(short a[24], int m[4][5], short cube[2][4][3], unsigned char text[12], int n)
{
    short *mid = a + 12, *p;
    unsigned char *c = text + 11;
    long total = 0;
    reverse(a, mid);
    reverse(&a[14], &a[20]);
    total += dot(a, &a[8], 8) - dot(mid, cube[1][2], 3) + dot(&cube[0][1][0], *cube[1], 3);
    for (int j = 0; j < 5; j++)
        column(&m[0][0] + j, 5, j * n);
    for (p = a; p != mid; p += 3)
        total = total * 3 + *p + p[1] - *(p + 2);
    while (c >= text && *c != 'x')
        *c-- ^= 0x20;
    total += c - text;
    int *q = &m[3][4];
    for (int k = 0; k < 20; k += 2, q -= 2)
        if (q < &m[0][0] + 20)
            *q += 1;
    total += plane(cube[1], n & 3) + plane(cube[n & 1], 1);
    short (*planes)[4][3] = cube;
    planes++;
    (*planes)[1][2] = n;
    p = &a[3];
    *p++ += 1, ++*p, (*p)++, *++p = 5;
    return total + *mid + (p - a);
}
