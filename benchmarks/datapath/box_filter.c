/* The mean of 3 × 3 samples. */
unsigned char box_filter(unsigned char a, unsigned char b, unsigned char c, unsigned char d, unsigned char e,
                         unsigned char f, unsigned char g, unsigned char h, unsigned char i) {
    return (a + b + c + d + e + f + g + h + i) / 9;
}
