/* Comparisons and arithmetic in which a negative number becomes a large one. */
int unsigned_compare(int a[16], unsigned b[16], short s[16], unsigned char c[16])
{
    int count = 0;
    for (unsigned i = 0; i < 16; i++) {
        count += a[i] < b[i];
        count += s[i] > b[i];
        count += (a[i] - 1 < c[i]) << 4;
        count += (b[i] - 1 < c[i]) << 8;
        count ^= a[i] / (c[i] + 1) + (int)(b[i] / (c[i] + 1u));
        count -= (a[i] >> 3) + (int)(b[i] >> 3);
        count += (0 ? a[i] : b[i]) > 5;
    }
    return count;
}
