#include "sort_tb.h"

void sort_merge(int32_t a[SIZE]);

int main(void)
{
    int64_t sum = fill(-1);
    sort_merge(a);
    return wrong(sum) != 0;
}
