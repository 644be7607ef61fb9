/* && || ?: where the skipped side is partial, or writes something. */
int short_circuit(int a[8], int b[8], int n, int d)
{
    int calls = 0, x = 0;
    if (d != 0 && n / d > 3)
        x = 1;
    if (d == 0 || n % d == 0)
        x |= 2;
    if (n >= 0 && n < 8 && a[n] > 0)
        x |= 4;
    x += d > 0 && d < 32 ? n << d : n;
    if (n > 0 && calls++ >= 0)
        a[0] = calls;
    if (n > 100 || (b[0] = n) || calls++)
        a[1] = calls;
    int y = n & 1 ? calls++ : (calls -= 5);
    int z = (n & 2 && (x = y)) + (n & 4 || (a[2] += 3, a[2] & 1));
    n & 8 ? (b[1] = 1) : (b[2] = 2);
    n & 16 && (b[3] = z);
    n & 32 || b[4]++;
    a[3] = (n & 64 ? x : n & 128 ? y++ : (z--, z)) + 0;
    unsigned char narrow = 255;
    a[4] = d & 1 ? narrow++ : -1;
    a[5] = narrow;
    _Bool both = (n && d) || (x++ && !y);
    b[5] = both ? x : y;
    return calls + x * 3 + y * 5 + z * 7;
}
