/* Sums and scales an array: loads, stores, a loop whose length is an argument, and a result. */
int kernel(int a[16], int b[16], int n)
{
    int sum = 0;
    for (int i = 0; i < n; i++) {
        sum += a[i];
        b[i] = sum * 3;
    }
    return sum;
}
