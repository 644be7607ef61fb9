/* A top without arguments that works on the file's variables, beside a main that prints. */
#include <stdio.h>
#define TEST 6
int main_result;
static int quantl_sum, tqmf[8] = {1, 2, 3};
const int test_data[TEST] = {0x44, -0x44, 0x21, -5, 7, 0x7fff};
int compressed[TEST], result[TEST];
static const int h[8] = {12, -44, -44, 212, 48, -624, 128, 1448};
static int filtez(int *bpl, int *dlt)
{
    int i;
    long int zl;
    zl = (long)(*bpl++) * (*dlt++);
    for (i = 1; i < 8; i++)
        zl += (long)(*bpl++) * (*dlt++);
    return ((int)(zl >> 14));
}
static int encode(int x, int y)
{
    int copy[8];
    for (int i = 7; i > 0; i--)
        tqmf[i] = tqmf[i - 1];
    tqmf[0] = x;
    for (int i = 0; i < 8; i++)
        copy[i] = h[i];
    return filtez(copy, tqmf) + (y >> 2);
}
void no_arguments()
{
    int i, j = 0;
    for (i = 0; i < TEST; i += 2) {
        compressed[i / 2] = encode(test_data[i], test_data[i + 1]);
        quantl_sum += compressed[i / 2];
    }
    for (i = 0; i < TEST; i++)
        j += result[i] != compressed[i];
    main_result = j;
}
int main()
{
    no_arguments();
    for (int i = 0; i < TEST; i++)
        printf("%d %d\n", compressed[i], quantl_sum);
    return main_result;
}
