/* In place: each element reads neighbours that earlier iterations wrote. */
#define N 18
void stencil(int g[N][N], int steps)
{
    for (int t = 0; t < (int)(sizeof(int) - 1); t++)
        for (int i = 1; i < N - 1; i++)
            for (int j = 1; j < N - 1; j++)
                g[i][j] = (g[i - 1][j] + g[i + 1][j] + g[i][j - 1] + g[i][j + 1] + steps) / 4;
}
