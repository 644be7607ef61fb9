/* Two- and three-dimensional arrays, and a typedef of an array. */
typedef unsigned short element;
typedef element plane[3][4];
void matrix(element a[3][4], element b[4][5], int c[3][5], plane p[2])
{
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 5; j++) {
            c[i][j] = 0;
            for (int k = 0; k < 4; k++)
                c[i][j] += (short)a[i][k] * (short)b[k][j];
        }
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 3; j++)
            for (int k = 0; k < 4; k++)
                p[1 - i][j][k] += a[j][k] * i;
}
