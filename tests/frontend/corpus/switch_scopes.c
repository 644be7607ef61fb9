/* Variables that a switch declares outside its cases: all cases share them. */
int switch_scopes(int a[8], int n)
{
    for (int i = 0; i < 8; i++)
        switch (a[i] & 7) {
            int t[4], last;
        case 0:
            t[0] = n;
            t[1] = 5;
        case 1:
            t[1] = 3;
            last = t[1];
            a[i] += last;
            break;
        case 2:
            for (int k = 0; k < 4; k++)
                t[k] = k * n;
            a[i] = t[n & 3];
        case 3:
            last = i;
        default:
            if (a[i] & 8) {
                int last = 9;
                a[i] -= last;
                break;
            }
            a[i] ^= 8;
        }
    return a[0];
}
