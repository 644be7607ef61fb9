/* Bilinear interpolation between four samples, fractions of 4 bits. */
int interpolation(unsigned char a, unsigned char b, unsigned char c, unsigned char d, unsigned char x,
                  unsigned char y) {
    int u = x & 15, v = y & 15;
    int top = a * (16 - u) + b * u;
    int bottom = c * (16 - u) + d * u;
    return (top * (16 - v) + bottom * v + 128) >> 8;
}
