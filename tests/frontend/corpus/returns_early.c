/* return from within loops and branches. */
int returns_early(int a[16], int n)
{
    if (n == 0)
        return 0;
    if (n < 0) {
        a[0] = n;
        if (a[1] > 5)
            return -1;
        a[1] = 5;
    } else if (n == 1)
        return a[2];
    for (int i = 0; i < 16; i++) {
        for (int k = i; k < 16; k++) {
            if (a[k] == n)
                return i * 16 + k;
            if (a[k] == n + 1)
                break;
            a[k] ^= n;
        }
        while (a[i] > 100) {
            a[i] >>= 1;
            if (a[i] == 77)
                return a[i];
        }
    }
    a[3]++;
    switch (a[4]) {
    case 0:
        return 3;
    case 1:
        a[5] = 1;
        break;
    default:
        if (a[6])
            return 4;
    }
    a[7] = 9;
    return 5;
}
