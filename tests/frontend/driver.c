/* Reads calls of any of the kernels from standard input, makes them, and writes the arrays after each.
   A call is: number of the kernel and of its arguments, for each argument its bytes and whether it is an
   array, then the contents. Guards around each buffer show when a kernel writes outside an array. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 64, GUARD = 256, PATTERN = 0xa5 };

void DECLARED;
static void (*const table[KERNELS])(unsigned char **) = {TABLE};

static int intact(const unsigned char *guard)
{
    for (int n = 0; n < GUARD; n++)
        if (guard[n] != PATTERN)
            return 0;
    return 1;
}

int main(void)
{
    unsigned head[2], shape[MOST][2];
    for (int call = 0; fread(head, sizeof head, 1, stdin) == 1; call++) {
        unsigned char *memory[MOST + 1];
        unsigned kernel = head[0], count = head[1];
        if (kernel >= KERNELS || count > MOST || fread(shape, sizeof *shape, count, stdin) != count)
            return fprintf(stderr, "the calls are malformed\n"), 1;
        for (unsigned a = 0; a < count; a++) {
            unsigned char *block = malloc(shape[a][0] + 2 * GUARD);
            memset(block, PATTERN, shape[a][0] + 2 * GUARD);
            memory[a] = block + GUARD;
            if (fread(memory[a], 1, shape[a][0], stdin) != shape[a][0])
                return fprintf(stderr, "the calls end early\n"), 1;
        }
        fprintf(stderr, "call %d, of kernel %u\n", call, kernel);
        table[kernel](memory);
        for (unsigned a = 0; a < count; a++) {
            if (!intact(memory[a] - GUARD) || !intact(memory[a] + shape[a][0]))
                return fprintf(stderr, "it wrote outside argument %u\n", a), 1;
            if (shape[a][1] && fwrite(memory[a], 1, shape[a][0], stdout) != shape[a][0])
                return 1;
            free(memory[a] - GUARD);
        }
    }
    return fclose(stdout) != 0;
}
