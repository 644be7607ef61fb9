/* Bottom-up merge sort: a callee with a local array and bounds that grow by doubling. */
#include <stdint.h>
#define SIZE 16
typedef int32_t TYPE;
static void merge(TYPE a[SIZE], int start, int m, int stop)
{
    TYPE temp[SIZE];
    int i, j, k;
merge_label1:
    for (i = start; i <= m; i++)
        temp[i] = a[i];
merge_label2:
    for (j = m + 1; j <= stop; j++)
        temp[m + 1 + stop - j] = a[j];
    i = start;
    j = stop;
merge_label3:
    for (k = start; k <= stop; k++) {
        TYPE tmp_j = temp[j], tmp_i = temp[i];
        if (tmp_j < tmp_i) {
            a[k] = tmp_j;
            j--;
        } else {
            a[k] = tmp_i;
            i++;
        }
    }
}
void merge_sort(TYPE a[SIZE])
{
    for (int m = 1; m < SIZE; m += m)
        for (int i = 0; i < SIZE; i += m + m) {
            int from = i, mid = i + m - 1, to = i + m + m - 1;
            if (to < SIZE)
                merge(a, from, mid, to);
            else
                merge(a, from, mid, SIZE - 1);
        }
}
