/* break and continue in nested loops, and what they leave behind. */
int breaks(int a[6][6], int key)
{
    int row = -1, column = -1, seen = 0;
    for (int i = 0; i < 6; i++) {
        int j;
        for (j = 0; j < 6; j++) {
            if (a[i][j] < 0)
                continue;
            seen++;
            if (a[i][j] == key)
                break;
            a[i][j]++;
        }
        if (j < 6) {
            row = i;
            column = j;
            break;
        }
        if (i == 2)
            continue;
        a[i][0] = seen;
    }
    int k = 0;
    while (k < 6) {
        if (a[k][k] & 1) {
            if (a[k][0] & 1)
                break;
            k += 2;
            continue;
        } else if (a[k][1] & 1)
            break;
        a[k][2] = k;
        k++;
    }
    return row * 1000 + column * 100 + seen + k;
}
