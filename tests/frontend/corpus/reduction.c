/* Several locals, some without initialiser, one declared inside a block. */
int reduction(int a[32])
{
    int best, sum = 0;
    unsigned parity;
    best = a[0];
    parity = 0;
    for (int i = 0; i < 32; i++) {
        int x = a[i];
        {
            int square = x * (x & 1);
            sum += square;
        }
        best = x > best ? x : best;
        parity ^= (unsigned)x >> 3;
    }
    return best + sum - (int)parity;
}
