#ifndef B2_H_
#define B2_H_
bias2_t b2[4] = {0.5, -0.25, 0.125, 0.0};
#endif
