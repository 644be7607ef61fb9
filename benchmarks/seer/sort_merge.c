/*
 * sort_merge: merge sort from the bottom up.
 *
 * Runs of m elements are merged in pairs through a second array, for m = 1, 2, 4, …
 *
 * Written for seer from the algorithm (von Neumann 1945).
 */

#include <stdint.h>

#ifndef SIZE
#define SIZE 2048
#endif
typedef int32_t TYPE;

static void merge(TYPE a[SIZE], int start, int middle, int stop)
{
    TYPE temp[SIZE];
    int i, j, k;

merge_low:
    for (i = start; i <= middle; i++) {
        temp[i] = a[i];
    }
merge_high:
    for (j = middle + 1; j <= stop; j++) {
        temp[middle + 1 + stop - j] = a[j];
    }

    i = start;
    j = stop;
merge_back:
    for (k = start; k <= stop; k++) {
        TYPE low = temp[i];
        TYPE high = temp[j];
        if (high < low) {
            a[k] = high;
            j--;
        } else {
            a[k] = low;
            i++;
        }
    }
}

void sort_merge(TYPE a[SIZE])
{
    int from, to, m;

passes:
    for (m = 1; m < SIZE; m += m) {
    pairs:
        for (from = 0; from < SIZE - m; from += m + m) {
            to = from + m + m - 1;
            if (to < SIZE) {
                merge(a, from, from + m - 1, to);
            } else {
                merge(a, from, from + m - 1, SIZE - 1);
            }
        }
    }
}
