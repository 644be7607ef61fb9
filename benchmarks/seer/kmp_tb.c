/* A text of words over a small alphabet, in which the pattern and its beginnings occur often. */
#include <stdint.h>
#include <stdio.h>

#define PATTERN_SIZE 4
#ifndef STRING_SIZE
#define STRING_SIZE 32411
#endif

int kmp(char pattern[PATTERN_SIZE], char input[STRING_SIZE], int32_t next[PATTERN_SIZE], int32_t matches[1]);

static char pattern[PATTERN_SIZE] = {'a', 'b', 'a', 'c'};
static char text[STRING_SIZE];
static int32_t next[PATTERN_SIZE];

static uint32_t state = 77u;

static uint32_t draw(uint32_t below)
{
    state = state * 1664525u + 1013904223u;
    return (state >> 16) % below;
}

int main(void)
{
    static const char *words[] = {"abac", "aba", "ab", "the ", "back ", "cab", " ", "grammar ", "bab", "of "};
    int32_t matches[1] = {-1};
    const char *word = "";
    for (int i = 0; i < STRING_SIZE; i++) {
        if (*word == 0) {
            word = words[draw(10)];
        }
        text[i] = *word++;
    }
    kmp(pattern, text, next, matches);

    int expected = 0;
    for (int i = 0; i + PATTERN_SIZE <= STRING_SIZE; i++) {
        int same = 1;
        for (int j = 0; j < PATTERN_SIZE; j++) {
            same &= text[i + j] == pattern[j];
        }
        expected += same;
    }
    printf("%d matches\n", (int)matches[0]);
    return matches[0] != expected;
}
