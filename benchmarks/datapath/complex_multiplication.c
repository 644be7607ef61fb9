/* The product of two complex numbers of 16-bit integers. */
void complex_multiplication(short a[2], short b[2], int y[2]) {
    y[0] = a[0] * b[0] - a[1] * b[1];
    y[1] = a[0] * b[1] + a[1] * b[0];
}
