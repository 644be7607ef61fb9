/* Bounds and steps that come from data, and that the body may change. */
int data_bounds(unsigned char count[8], unsigned char b[8], unsigned n)
{
    int total = 0;
    for (int i = 0; i < 8; i++)
        for (int k = 0; k < (count[i] & 7); k++) {
            total += k;
            b[k & 7] = k < count[0];
            if (b[3])
                count[i] = k;
        }
    for (unsigned k = 0; k < n % 20u; k++)
        total += k * b[k & 7];
    for (int k = count[0] & 15; k >= 0; k -= (b[0] & 1) + 1)
        total ^= k << (k & 3);
    int m = count[1] & 7;
    for (int k = 0; k < m * m; k++)
        total += count[k & 7] > 3;
    for (int k = 0; k < m; k++)
        m--;
    return total + m;
}
