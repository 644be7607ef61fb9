/* Bounds that are known when a loop begins: rows of a sparse matrix, parts of an array, what changes inside. */
typedef struct {
    int size, used;
} part;

static void clear(short to[32], int from, int end)
{
    for (int i = from; i <= end; i++)
        to[i & 31] = 0;
}

int bounds_read_once(unsigned char start[9], short value[32], unsigned char column[32], short x[8], short y[8])
{
    part whole;
    int i, k, low = start[0] & 7, high = start[8] & 31, changes = 0;
    for (i = 0; i < 8; i++) {
        int sum = 0;
        for (k = start[i] & 31; k < (start[i + 1] & 31); k++)
            sum += value[k] * x[column[k] & 7];
        y[i] = sum;
    }
    for (k = high; k >= low; k--)
        changes += value[k] < value[k - 1 < 0 ? 0 : k - 1];
    changes += k;
    for (unsigned j = low; j < (unsigned)high; j += 3)
        for (unsigned l = low; l <= j; l++)
            changes += y[(j + l) & 7];
    /* Starts that the body changes, limits that it changes. */
    for (i = low; i < 9; i++)
        low += start[i];
    for (i = 0; i < (start[1] & 7); i++) {
        start[1] = 0;
        y[i] += i < (start[1] & 7);
    }
    whole.size = start[2] & 15;
    whole.used = 0;
    for (i = 0; i < whole.size; i++)
        whole.used += x[i & 7];
    clear(value, high & 7, low & 31);
    for (int begin = 0, end = start[3] & 15; begin < end; begin++, end--)
        x[begin & 7] ^= x[end & 7];
    return changes + low + whole.used;
}
