/* Everything that a test bench does beside the kernel: files, allocation, recursion, goto, printing. */
#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define N 9
static int depth(int n) { return n ? depth(n - 1) + 1 : 0; }
static union { int i; float f; } shared;
struct list { struct list *next; double value; };
static double (*chosen)(double);
/* Peaks of a signal: what is hardware here. */
int harness(const int signal[N], bool peak[N], int threshold)
{
    int count = 0;
    memset(peak, 0, N * sizeof(bool));
    for (int i = 1; i < N - 1; i++)
        if (signal[i] > threshold && signal[i] >= signal[i - 1] && signal[i] > signal[i + 1]) {
            peak[i] = true;
            count++;
        }
    return count;
}
int main(int argc, char *argv[])
{
    int *data = malloc(N * sizeof *data);
    bool *peaks = (bool *)calloc(N, 1);
    char line[argc + 16];
    FILE *file = argc > 1 ? fopen(argv[1], "r") : stdin;
    if (!file)
        goto end;
    for (int i = 0; i < N && fgets(line, sizeof line, file); i++)
        data[i] = atoi(line);
    printf("%d peaks, %d\n", harness(data, peaks, depth(3)), shared.i);
    if (chosen)
        shared.f = chosen(1);
    free(peaks);
end:
    free(data);
    return 0;
}
