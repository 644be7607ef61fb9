// Integer, sequential: a while loop inside a counted one, both through one memory.
void insertion(short v[64]) {
    outer: for (int i = 1; i < 64; i++) {
        short key = v[i];
        int j = i - 1;
        shift: while (j >= 0 && v[j] > key) {
            v[j + 1] = v[j];
            j--;
        }
        v[j + 1] = key;
    }
}
