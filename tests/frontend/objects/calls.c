static int clip(int x, int low, int high) {
    if (x < low) return low;
    if (x > high) return high;
    return x;
}
static inline int square(int x) { return x * x; }
static void row_add(int row[5], const int *other, int n) {
    for (int j = 0; j < n; j++) row[j] += other[j];
}
static int find(const int *data, int n, int key) {
    for (int i = 0; i < n; i++)
        if (data[i] == key) return i;
    return -1;
}
static void swap(int *a, int *b) { int t = *a; *a = *b; *b = t; }
int calls(int a[3][5], int b[15], int n) {
    int low = n & 7, high = 100;
    swap(&low, &high);
    swap(&a[0][1], &b[3]);
    for (int i = 0; i < 3; i++) {
        row_add(a[i], b + i * 5, 5);
        row_add(&a[i][0], &b[i], 3);
    }
    for (int i = 0; i < 15; i++) b[i] = clip(square(b[i]) - low, high, 90 + i);
    return find(b, 15, 90) + find(&b[2], 4, clip(n, 0, 50)) + low;
}
