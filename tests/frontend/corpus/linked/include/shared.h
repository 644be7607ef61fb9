#ifndef SHARED_H
#define SHARED_H
#ifndef SIZE
#error "the size comes from the command line"
#endif
typedef SAMPLE sample_t;
enum { TAPS = SIZE / 2 };
extern int total;
int twice(int x);
void scale(sample_t data[SIZE], int by);
#endif
