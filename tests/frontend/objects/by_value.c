/* Structs with arrays of one and two dimensions passed by value: read, written, copied, returned. */
typedef struct { short tap[4]; int m[2][3]; unsigned char gain; struct { float w[2]; int k; } in[2]; } filter_t;
static int sum(filter_t f)
{
    int total = 0;
    f.gain++;
    for (int i = 0; i < 4; i++)
        total += f.tap[i] * f.gain;
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 3; j++)
            total ^= f.m[i][j] << j;
    return total;
}
static void scale(int *row, int by) { for (int j = 0; j < 3; j++) row[j] *= by; }
filter_t by_value(filter_t f, const filter_t g, filter_t out[2], int n, filter_t h)
{
    int before = sum(f) + h.tap[h.gain & 3] + (h.m)[1][n & 1] * h.in[1].k;
    f.tap[n & 3] += g.tap[1];
    f.in[1].w[0] = g.in[n & 1].w[1] + 0.5f;
    scale(f.m[1], n);
    out[0] = g;
    out[1] = f;
    out[1].in[0].k = sum(f) - before + g.in[1].k;
    f.gain ^= before;
    return f;
}
