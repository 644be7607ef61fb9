/* Knuth, Morris and Pratt's search: a failure table, then one pass over the text. */
#include <stdint.h>
#define PATTERN_SIZE 4
#define STRING_SIZE 48
static void table(char pattern[PATTERN_SIZE], int32_t kmpNext[PATTERN_SIZE])
{
    int32_t k = 0;
    kmpNext[0] = 0;
fill:
    for (int32_t q = 1; q < PATTERN_SIZE; q++) {
        while (k > 0 && pattern[k] != pattern[q])
            k = kmpNext[k - 1];
        if (pattern[k] == pattern[q])
            k++;
        kmpNext[q] = k;
    }
}
int string_match(char pattern[PATTERN_SIZE], char input[STRING_SIZE], int32_t next[PATTERN_SIZE], int32_t n_matches[1])
{
    n_matches[0] = 0;
    for (int i = 0; i < STRING_SIZE; i++)
        input[i] = "ab"[input[i] & 1];
    for (int i = 0; i < PATTERN_SIZE; i++)
        pattern[i] = pattern[i] & 1 ? 'b' : 'a';
    table(pattern, next);
    int32_t q = 0;
scan:
    for (int32_t i = 0; i < STRING_SIZE; i++) {
        while (q > 0 && pattern[q] != input[i])
            q = next[q - 1];
        if (pattern[q] == input[i])
            q++;
        if (q >= PATTERN_SIZE) {
            n_matches[0]++;
            q = next[q - 1];
        }
    }
    return 0;
}
