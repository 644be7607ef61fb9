/* Scalar arguments: read, written, and used in place of a local. */
unsigned char parameters(int a[16], short k, unsigned u, signed char c)
{
    for (int i = 0; i < 16; i++) {
        k += a[i];
        u = u * 3 + k;
        a[i] = u ^ c;
    }
    c--;
    a[0] = c;
    return k + u;
}
