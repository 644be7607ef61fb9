/* Two ways of leaving a search. */
int binary_search(int sorted[16], int key)
{
    for (int i = 0; i < 16; i++)
        sorted[i] = i * 7 - 20;
    int low = 0, high = 15;
    while (low <= high) {
        int mid = (low + high) >> 1;
        if (sorted[mid] == key)
            return mid;
        if (sorted[mid] < key)
            low = mid + 1;
        else
            high = mid - 1;
    }
    return -1;
}
