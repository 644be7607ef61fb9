/* Comparisons, logic and selection are ints of 0 or 1; bool variables convert by != 0. */
#include <stdbool.h>
void boolean(int a[24], int b[24], unsigned c[24], int out[24])
{
    for (int i = 0; i < 24; i++) {
        bool both = a[i] && b[i];
        bool truncated = c[i] & 256;
        int order = (a[i] < b[i]) + 2 * (a[i] >= b[i]) + 4 * (c[i] > 7u) + 8 * (a[i] != b[i]);
        out[i] = both + 16 * truncated + 32 * order;
        out[i] += (a[i] || !b[i]) << 12;
        out[i] ^= !both ? -1 : !a[i];
        truncated += a[i];
        both ^= b[i] & 3;
        out[i] += ~truncated + (both << 3) - -truncated;
        both++;
        truncated--;
        out[i] ^= (both ? 2 : truncated) * 7;
        out[i] += a[i] < 0 ? b[i] : c[i] == 3;
    }
}
