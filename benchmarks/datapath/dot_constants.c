/* Luma of a pixel: red, green and blue with the weights of BT.601, of 8 bits. */
unsigned char dot_constants(unsigned char r, unsigned char g, unsigned char b) {
    return (77 * r + 150 * g + 29 * b + 128) >> 8;
}
