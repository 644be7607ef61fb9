// Counters that references name: they are read, or written, by another name inside the loop.
int counter_references(int a[8])
{
    int sum = 0;
    int i;
    const int &seen = i;
    for (i = 0; i < 8; i++)
        sum += seen * a[i];
    int j;
    int &other = j;
    for (j = 0; j < 8; j++) {
        sum ^= a[j];
        other = other + 1;
    }
    int k = 0;
    const int &late = k;
    while (k < 8) {
        sum += late;
        k++;
    }
    return sum;
}
