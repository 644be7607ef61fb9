/* return without a value, in the middle of a void function. */
void returns_nothing(int a[8], int n)
{
    for (int i = 0; i < 8; i++) {
        if (a[i] == n) {
            a[i] = 0;
            return;
        }
        a[i]--;
    }
    if (n & 1) {
        a[0] = n;
        return;
    } else
        a[1] = n;
    a[2] = n;
}
