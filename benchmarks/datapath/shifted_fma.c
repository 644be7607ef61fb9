/* A product that is scaled by a variable shift and accumulated. */
int shifted_fma(unsigned short a, unsigned short b, unsigned int c, unsigned char s) {
    return (a << (s & 7)) * b + (c << (s & 7));
}
