/* Nearest neighbours of a bitmap: 64-bit words, population count, an insertion into a short list, a vote. */
#include <stdint.h>
typedef unsigned long long DigitType;
typedef unsigned char LabelType;
#define DIGIT_WIDTH 2
#define K_CONST 3
static int popcount(DigitType x)
{
    int cnt = 0;
    for (int i = 0; i < 64; i++)
        cnt += (x >> i) & 1ULL;
    return cnt;
}
static void update_knn(const DigitType *train, const DigitType *test, int dists[K_CONST], int labels[K_CONST], int label)
{
    int dist = 0, max_dist = 0, max_dist_id = K_CONST + 1;
    for (int i = 0; i < DIGIT_WIDTH; i++)
        dist += popcount(test[i] ^ train[i]);
    for (int k = 0; k < K_CONST; ++k)
        if (dists[k] > max_dist) {
            max_dist = dists[k];
            max_dist_id = k;
        }
    if (dist < max_dist) {
        dists[max_dist_id] = dist;
        labels[max_dist_id] = label;
    }
}
LabelType digit_votes(const DigitType training[4 * DIGIT_WIDTH], const DigitType test[DIGIT_WIDTH])
{
    int dists[K_CONST], labels[K_CONST], votes[4] = {0};
    for (int k = 0; k < K_CONST; k++)
        dists[k] = 256, labels[k] = 0;
    for (int i = 0; i < 4; ++i)
        update_knn(&training[i * DIGIT_WIDTH], test, dists, labels, i);
    for (int k = 0; k < K_CONST; k++)
        votes[labels[k]]++;
    LabelType best = 0;
    for (LabelType v = 1; v < 4; v++)
        if (votes[v] > votes[best])
            best = v;
    return best;
}
