/* Loops without a condition, left by break or return, and macros around loops. */
#define FOREVER for (;;)
#define EACH(i, n) for (i = 0; i < (n); i++)
int forever(int a[8], int n)
{
    int i, steps = 0;
    EACH(i, 8)
        a[i] += i;
    FOREVER {
        if (++steps > 20)
            break;
        if ((n = n * 5 + 1) % 7 == 0)
            break;
    }
    while (1) {
        EACH(i, 4)
            if (a[i] > steps)
                break;
        if (i == 4 || a[7]-- < 0)
            break;
        a[i] = 0;
        if (steps++ > 30)
            return -1;
    }
    for (int k = 0; 1; k++)
        if (k * k > (n & 63))
            return steps * 100 + k + i;
}
