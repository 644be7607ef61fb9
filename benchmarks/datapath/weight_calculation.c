/* Weighted prediction: two samples with weights that add up to 64, rounded, and an offset. */
int weight_calculation(unsigned char a, unsigned char b, unsigned char w, signed char offset) {
    int weight = w & 63;
    return ((a * weight + b * (64 - weight) + 32) >> 6) + offset;
}
