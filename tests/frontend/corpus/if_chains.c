/* if and else in chains and nested, with and without braces, dangling else, empty branches. */
void if_chains(int a[16], unsigned char kind[16], int n)
{
    for (int i = 0; i < 16; i++) {
        if (kind[i] < 10)
            a[i] += 1;
        else if (kind[i] < 100)
            a[i] -= n;
        else if (kind[i] == 200) {
        } else if (kind[i] > 250)
            ;
        else {
            if (a[i] > n)
                if (a[i] & 1)
                    a[i] = n;
                else
                    a[i] = -n;
            int t = a[i] ^ 5;
            if (!t)
                a[(i + 1) & 15] = t;
        }
        if (a[0] > 3) {
            a[0] = 0;
            kind[0] = a[0] > 3;
        }
    }
}
