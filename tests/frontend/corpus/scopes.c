/* One name for many variables: inner ones hide outer ones. */
int scopes(int a[12], int x)
{
    int t = x;
    for (int i = 0; i < 12; i++) {
        int x = a[i] + t;
        for (int i = 0; i < 3; i++) {
            int t = x + i;
            a[i] ^= t;
            x += 2;
        }
        t += x + i;
    }
    {
        int x = 5;
        t *= x;
        x = t;
        a[11] += x;
    }
    return t + x;
}
