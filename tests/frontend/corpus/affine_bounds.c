/* Triangular loops, bounds that add and scale, both comparison orders. */
void affine_bounds(int a[16][16], int out[64])
{
    for (int i = 0; i < 16; i++)
        for (int j = 0; j <= i; j++)
            out[2 * i + j] += a[i][j];
    for (int i = 1; i < 8; ++i)
        for (int j = i; 2 * i + 3 > j; j += 2)
            out[j] -= i;
    for (int i = 0; i != 8; i++)
        for (int j = i; j != 10; j++)
            out[j] ^= i << j;
}
