// Integer, pipelined: two products a cycle into one sum.
int dot_product(const int a[256], const int b[256], const short c[256]) {
    int acc = 0;
    dot: for (int i = 0; i < 256; i++)
        acc += a[i] * b[i] - c[i] * 5;
    return acc;
}
