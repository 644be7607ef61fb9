/* Half-sample luma interpolation of H.264: six taps, rounding, and saturation to a byte. */
int media_kernel(unsigned char e, unsigned char f, unsigned char g, unsigned char h, unsigned char i,
                 unsigned char j) {
    int sum = e - 5 * f + 20 * g + 20 * h - 5 * i + j;
    int value = (sum + 16) >> 5;
    return value < 0 ? 0 : value > 255 ? 255 : value;
}
