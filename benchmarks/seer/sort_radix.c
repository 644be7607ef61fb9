/*
 * sort_radix: radix sort of non-negative numbers, two bits at a time.
 *
 * In each of 16 passes every block of four elements counts its digits; a prefix sum over all counts, digit by
 * digit and done in two levels, says where each block puts its elements.
 *
 * Written for seer from the algorithm (Zagha and Blelloch 1991).
 */

#include <stdint.h>

#ifndef SIZE
#define SIZE 2048
#endif
#define BLOCK 4
#define BLOCKS (SIZE / BLOCK)
#define RADIX 4
#define BUCKETS (BLOCKS * RADIX)
#define SCAN_BLOCK 16
#define SCANS (BUCKETS / SCAN_BLOCK)
typedef int32_t TYPE;

static void local_scan(int32_t bucket[BUCKETS])
{
    int i, j;
local_blocks:
    for (i = 0; i < SCANS; i++) {
    local_elements:
        for (j = 1; j < SCAN_BLOCK; j++) {
            int at = i * SCAN_BLOCK + j;
            bucket[at] += bucket[at - 1];
        }
    }
}

static void sum_scan(int32_t sum[SCANS], int32_t bucket[BUCKETS])
{
    int i;
    sum[0] = 0;
sums:
    for (i = 1; i < SCANS; i++) {
        sum[i] = sum[i - 1] + bucket[i * SCAN_BLOCK - 1];
    }
}

static void last_scan(int32_t bucket[BUCKETS], int32_t sum[SCANS])
{
    int i, j;
last_blocks:
    for (i = 0; i < SCANS; i++) {
    last_elements:
        for (j = 0; j < SCAN_BLOCK; j++) {
            bucket[i * SCAN_BLOCK + j] += sum[i];
        }
    }
}

static void clear(int32_t bucket[BUCKETS])
{
    int i;
clear_buckets:
    for (i = 0; i < BUCKETS; i++) {
        bucket[i] = 0;
    }
}

static void count(int32_t bucket[BUCKETS], TYPE a[SIZE], int exponent)
{
    int block, i;
count_blocks:
    for (block = 0; block < BLOCKS; block++) {
    count_elements:
        for (i = 0; i < BLOCK; i++) {
            int at = ((a[block * BLOCK + i] >> exponent) & (RADIX - 1)) * BLOCKS + block + 1;
            if (at < BUCKETS) {
                bucket[at]++;
            }
        }
    }
}

static void update(TYPE b[SIZE], int32_t bucket[BUCKETS], TYPE a[SIZE], int exponent)
{
    int block, i;
update_blocks:
    for (block = 0; block < BLOCKS; block++) {
    update_elements:
        for (i = 0; i < BLOCK; i++) {
            TYPE value = a[block * BLOCK + i];
            int at = ((value >> exponent) & (RADIX - 1)) * BLOCKS + block;
            b[bucket[at]] = value;
            bucket[at]++;
        }
    }
}

void sort_radix(TYPE a[SIZE], TYPE b[SIZE], int32_t bucket[BUCKETS], int32_t sum[SCANS])
{
    int exponent;
    int in_a = 1;

passes:
    for (exponent = 0; exponent < 32; exponent += 2) {
        clear(bucket);
        if (in_a) {
            count(bucket, a, exponent);
        } else {
            count(bucket, b, exponent);
        }
        local_scan(bucket);
        sum_scan(sum, bucket);
        last_scan(bucket, sum);
        if (in_a) {
            update(b, bucket, a, exponent);
            in_a = 0;
        } else {
            update(a, bucket, b, exponent);
            in_a = 1;
        }
    }
}
