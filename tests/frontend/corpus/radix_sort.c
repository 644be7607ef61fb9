/* Radix sort in blocks: histogram, prefix sums by callees that share two buffers, and a flag which is current. */
#include <stdint.h>
#define SIZE 32
#define RADIX 4
#define BLOCK 8
#define BUCKETS (SIZE / BLOCK * RADIX)
static void init(int bucket[BUCKETS]) { for (int i = 0; i < BUCKETS; i++) bucket[i] = 0; }
static void hist(int bucket[BUCKETS], const uint16_t a[SIZE], int exp)
{
    for (int block = 0; block < SIZE / BLOCK; block++)
        for (int i = 0; i < BLOCK; i++)
            bucket[((a[block * BLOCK + i] >> exp) & (RADIX - 1)) * (SIZE / BLOCK) + block]++;
}
static void scan(int bucket[BUCKETS])
{
    int sum = 0;
    for (int i = 0; i < BUCKETS; i++) {
        int here = bucket[i];
        bucket[i] = sum;
        sum += here;
    }
}
static void update(uint16_t b[SIZE], int bucket[BUCKETS], const uint16_t a[SIZE], int exp)
{
    for (int block = 0; block < SIZE / BLOCK; block++)
        for (int i = 0; i < BLOCK; i++) {
            int at = ((a[block * BLOCK + i] >> exp) & (RADIX - 1)) * (SIZE / BLOCK) + block;
            b[bucket[at] & (SIZE - 1)] = a[block * BLOCK + i];
            bucket[at]++;
        }
}
void radix_sort(uint16_t a[SIZE], uint16_t b[SIZE], int bucket[BUCKETS])
{
    int valid_buffer = 0;
    for (int exp = 0; exp < 16; exp += 2) {
        init(bucket);
        if (valid_buffer == 0)
            hist(bucket, a, exp);
        else
            hist(bucket, b, exp);
        scan(bucket);
        if (valid_buffer == 0) {
            update(b, bucket, a, exp);
            valid_buffer = 1;
        } else {
            update(a, bucket, b, exp);
            valid_buffer = 0;
        }
    }
}
