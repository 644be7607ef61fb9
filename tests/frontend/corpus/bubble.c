/* Sorting until nothing moves. */
#include <stdbool.h>
int bubble(short a[10])
{
    bool moved;
    int passes = 0, end = 10;
    do {
        moved = false;
        for (int i = 1; i < end; i++)
            if (a[i - 1] > a[i]) {
                short t = a[i];
                a[i] = a[i - 1];
                a[i - 1] = t;
                moved = true;
            }
        end--;
        passes++;
    } while (moved);
    return passes;
}
