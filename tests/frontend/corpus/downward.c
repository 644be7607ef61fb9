/* Loops that count down, by one and by more, to a constant and to an enclosing counter. */
void downward(int a[32], int out[32])
{
    for (int i = 31; i >= 0; i--)
        out[i] = a[31 - i] + i;
    for (unsigned char i = 31; i > 2; i -= 3)
        out[i] -= a[i];
    for (unsigned i = 8; i > 0; --i)
        for (int j = 10; j >= (int)i; j--)
            out[j] += out[i - 1] * 3;
    for (int i = 9; i != 4; i = i - 1)
        for (int j = i; j > 1; j += -2)
            out[j] ^= i;
}
