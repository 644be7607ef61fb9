/*
 * sort_radix: 2048 integers sorted two bits at a time, from buffer to buffer.
 *
 * Each pass counts the digits in every block of four elements, turns the counts into positions by a prefix sum in
 * two levels, and moves the elements there.
 * Written for seer from the algorithm, at MachSuite's size and type.
 */

#define SIZE 2048
#define BLOCKS 512
#define BLOCK 4
#define RADIX 4
#define COUNTS (BLOCKS * RADIX)
#define GROUP 16
#define GROUPS (COUNTS / GROUP)

static void clear(int counts[COUNTS + 1])
{
clear:
    for (int i = 0; i <= COUNTS; i++) {
        counts[i] = 0;
    }
}

static void histogram(int counts[COUNTS + 1], const int from[SIZE], int shift)
{
histogram_blocks:
    for (int block = 0; block < BLOCKS; block++) {
    histogram_elements:
        for (int i = 0; i < BLOCK; i++) {
            int at = ((from[block * BLOCK + i] >> shift) & (RADIX - 1)) * BLOCKS + block + 1;
            counts[at]++;
        }
    }
}

static void scan_groups(int counts[COUNTS + 1])
{
groups:
    for (int group = 0; group < GROUPS; group++) {
    group:
        for (int i = 1; i < GROUP; i++) {
            int at = group * GROUP + i;
            counts[at] += counts[at - 1];
        }
    }
}

static void scan_sums(int sums[GROUPS], const int counts[COUNTS + 1])
{
    sums[0] = 0;
sums:
    for (int group = 1; group < GROUPS; group++) {
        sums[group] = sums[group - 1] + counts[group * GROUP - 1];
    }
}

static void add_sums(int counts[COUNTS + 1], const int sums[GROUPS])
{
add_groups:
    for (int group = 0; group < GROUPS; group++) {
    add_group:
        for (int i = 0; i < GROUP; i++) {
            counts[group * GROUP + i] += sums[group];
        }
    }
}

static void move(int to[SIZE], int counts[COUNTS + 1], const int from[SIZE], int shift)
{
move_blocks:
    for (int block = 0; block < BLOCKS; block++) {
    move_elements:
        for (int i = 0; i < BLOCK; i++) {
            int at = ((from[block * BLOCK + i] >> shift) & (RADIX - 1)) * BLOCKS + block;
            to[counts[at]] = from[block * BLOCK + i];
            counts[at]++;
        }
    }
}

void sort_radix(int a[SIZE], int b[SIZE], int counts[COUNTS + 1], int sums[GROUPS])
{
    int in_b = 0;
passes:
    for (int shift = 0; shift < 32; shift += 2) {
        clear(counts);
        if (in_b) {
            histogram(counts, b, shift);
        } else {
            histogram(counts, a, shift);
        }
        scan_groups(counts);
        scan_sums(sums, counts);
        add_sums(counts, sums);
        if (in_b) {
            move(a, counts, b, shift);
            in_b = 0;
        } else {
            move(b, counts, a, shift);
            in_b = 1;
        }
    }
}
