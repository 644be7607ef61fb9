/* Flattened indexing by macros and by hand, several dimensions seen through pointers to their first element. */
#define R 4
#define C 5
#define AT(m, r, c) (m)[(r) * C + (c)]
#define IDX(i, j, k) ((i) * R * C + (j) * C + (k))
static void transpose(const int *src, int *dst)
{
    for (int r = 0; r < R; r++)
        for (int c = 0; c < C; c++)
            dst[c * R + r] = AT(src, r, c);
}
int flat_views(int flat[R * C], int out[R * C], int m[R][C], int cube[2 * R * C])
{
    int *whole = &m[0][0], sum = 0;
    transpose(flat, out);
    for (int i = 0; i < R * C; i++)
        whole[i] += out[(i * 7) % (R * C)];
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < R; j++)
            for (int k = 0; k < C; k++)
                cube[IDX(i, j, k)] -= m[j][k] * (i + 1);
    for (int i = 0; i < R * C; i++)
        sum += *(*(m + i / C) + i % C) ^ i;
    for (int r = 0; r < R; r++)
        sum -= (&flat[r * C])[r] + (flat + r)[C - 1];
    return sum;
}
