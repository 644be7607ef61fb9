#include "sort_tb.h"

#define BUCKETS SIZE
#define SCANS (BUCKETS / 16)

void sort_radix(int32_t a[SIZE], int32_t b[SIZE], int32_t bucket[BUCKETS], int32_t sum[SCANS]);

static int32_t b[SIZE], bucket[BUCKETS], partial[SCANS];

int main(void)
{
    int64_t sum = fill(0x7fffffff);
    sort_radix(a, b, bucket, partial);
    return wrong(sum) != 0;
}
