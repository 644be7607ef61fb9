// Branches that hold loops.
int modes(int mode, int gain, const int x[64], int y[64]) {
    int r = 0;
    if (mode & 1) {
        scale: for (int i = 0; i < 64; i++)
            y[i] = (x[i] * gain) >> 4;
    } else {
        clip: for (int i = 0; i < 64; i++) {
            int v = x[i] + gain;
            y[i] = v > 1000 ? 1000 : v < -1000 ? -1000 : v;
        }
    }
    if (mode & 2) {
        peak: for (int i = 0; i < 64; i++)
            if (y[i] > r)
                r = y[i];
    }
    return r;
}
