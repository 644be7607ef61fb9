/*
 * kmp: how often a pattern occurs in a text.
 *
 * The failure function says how much of the pattern still matches when its next character does not.
 *
 * Written for seer from the algorithm (Knuth, Morris and Pratt 1977).
 */

#include <stdint.h>

#define PATTERN_SIZE 4
#ifndef STRING_SIZE
#define STRING_SIZE 32411
#endif

static void prefix(char pattern[PATTERN_SIZE], int32_t next[PATTERN_SIZE])
{
    int32_t k = 0;
    next[0] = 0;

prefix_q:
    for (int32_t q = 1; q < PATTERN_SIZE; q++) {
        while (k > 0 && pattern[k] != pattern[q]) {
            k = next[k - 1];
        }
        if (pattern[k] == pattern[q]) {
            k++;
        }
        next[q] = k;
    }
}

int kmp(char pattern[PATTERN_SIZE], char input[STRING_SIZE], int32_t next[PATTERN_SIZE], int32_t matches[1])
{
    int32_t q = 0;
    matches[0] = 0;
    prefix(pattern, next);

search_i:
    for (int32_t i = 0; i < STRING_SIZE; i++) {
        while (q > 0 && pattern[q] != input[i]) {
            q = next[q - 1];
        }
        if (pattern[q] == input[i]) {
            q++;
        }
        if (q >= PATTERN_SIZE) {
            matches[0]++;
            q = next[q - 1];
        }
    }
    return 0;
}
