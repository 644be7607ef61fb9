/* Nearest neighbours of digits by Hamming distance. */
#include "digitrec.h"

// popcount of a digit
int popcount(WholeDigitType x)
{
  // most straightforward implementation
  int cnt = 0;
  for (int i = 0; i < 64; i ++ )
  {
    #pragma HLS unroll
    cnt = cnt + ((x >> i) & 1);
  }
  return cnt;
}

// swar counting of a 64-bit word
inline int count_bits(DigitType x)
{
  DigitType m1 = 0x5555555555555555ULL, m2 = 0x3333333333333333ULL, m4 = 0x0f0f0f0f0f0f0f0fULL, h01 = 0x0101010101010101ULL;
  x -= (x >> 1) & m1;
  x = (x & m2) + ((x >> 2) & m2);
  x = (x + (x >> 4)) & m4;
  return (x * h01) >> 56;
}

void update_knn( WholeDigitType test_inst, WholeDigitType train_inst, int min_distances[K_CONST], LabelType labels[K_CONST], LabelType label )
{
  #pragma HLS inline
  int dist = popcount(test_inst ^ train_inst);
  if (dist != count_bits(test_inst ^ train_inst)) dist = 256;
  int max_dist = 0;
  int max_dist_id = K_CONST+1;
  FIND_MAX_DIST: for ( int k = 0; k < K_CONST; ++k )
  {
    if ( min_distances[k] > max_dist )
    {
      max_dist = min_distances[k];
      max_dist_id = k;
    }
  }
  if ( dist < max_dist ) { min_distances[max_dist_id] = dist; labels[max_dist_id] = label; }
}

LabelType knn_vote(LabelType labels[K_CONST])
{
  #pragma HLS inline
  #pragma HLS array_partition variable=labels complete dim=0
  int max_vote = 0;
  LabelType max_label = 0;
  int votes[10] = {};
  for (int i = 0; i < K_CONST; i ++ ) votes[labels[i] % 10] ++;
  for (int i = 0; i < 10; i ++ )
    if (votes[i] > max_vote) { max_vote = votes[i]; max_label = i; }
  return max_label;
}

void DigitRec(WholeDigitType training_set[NUM_TRAINING], WholeDigitType test_set[NUM_TEST], LabelType results[NUM_TEST])
{
  int dists[K_CONST];
  LabelType labels[K_CONST];
  TEST_LOOP: for (int t = 0; t < NUM_TEST; ++t)
  {
    SET_KNN_SET: for ( int k = 0; k < K_CONST ; ++k ) { dists[k] = 256; labels[k] = 0; }
    TRAINING_LOOP: for ( int i = 0; i < NUM_TRAINING; ++i )
    {
      #pragma HLS pipeline
      update_knn(test_set[t], training_set[i], dists, labels, i / CLASS_SIZE);
    }
    results[t] = knn_vote(labels);
  }
}
