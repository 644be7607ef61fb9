/* An array that serves as subscript, and a compound assignment through it. */
void histogram(unsigned char x[64], int h[256], int y[64])
{
    for (int i = 0; i < 64; i++) {
        h[x[i]]++;
        y[i] = h[0];
        h[(x[i] + 1) & 255] += y[i] ^ i;
    }
}
