/* Structs in structs in arrays, with arrays of several dimensions inside, copied whole and by element. */
#include <string.h>
typedef struct { short re, im; } complex_t;
typedef struct { complex_t tap[2][3]; unsigned char used; } bank_t;
struct device { bank_t bank[2]; struct { int gain; complex_t offset; } calibration; long id; };
static complex_t multiply(complex_t a, complex_t b)
{
    return (complex_t){a.re * b.re - a.im * b.im, .im = a.re * b.im + a.im * b.re};
}
static bank_t fill(const bank_t *from, int by)
{
    bank_t made = *from;
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 3; j++) {
            complex_t *t = &made.tap[i][j];
            t->re += by;
            (*t).im -= j;
        }
    made.used++;
    return made;
}
static void swap(bank_t *a, bank_t *b) { bank_t t = *a; *a = *b; *b = t; }
int nested_structs(struct device d[2], complex_t grid[2][3], int which)
{
    struct device local = d[1];
    local.calibration.gain = sizeof(struct device) + sizeof local.bank[0].tap;
    d[0].bank[which & 1] = fill(&d[1].bank[0], local.calibration.gain);
    swap(&d[0].bank[0], &d[1].bank[1]);
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 3; j++)
            grid[i][j] = multiply(d[i].bank[which & 1].tap[i][j], local.calibration.offset);
    memcpy(&d[1].bank[0].tap[1], &d[0].bank[1].tap[0], sizeof d[1].bank[0].tap[1]);
    d[1].calibration = d[0].calibration;
    const complex_t last = grid[1][2], table[2] = {{1, 2}, {.im = -3}};
    d[0].calibration.offset = table[which & 1];
    return last.re + local.bank[1].used + (int)(local.id >> 3);
}
