/* A counter that a pointer is another name for: it writes it inside the loop, or reads it. */
int other_names(int a[8], int n)
{
    int i, sum = 0;
    int *p = &i;
    for (i = 0; i < 8; i++) {
        sum += a[i];
        *p = *p + 1;
    }
    int j = 0, *q = &j;
    while (j < 8) {
        sum = sum * 2 + *q;
        if (n > 0)
            *q += 1;
        j++;
    }
    int k, seen = 0;
    int *r = &k;
    for (k = 0; k < 6; k++)
        seen += *r;
    return sum + seen;
}
