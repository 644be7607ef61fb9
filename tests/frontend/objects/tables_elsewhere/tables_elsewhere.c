struct scale { int gain; float offset; };
extern const short weights[6];
extern const struct scale scale;

long tables_elsewhere(int a[6]) {
    extern const int rounds;
    long sum = 0;
    for (int i = 0; i < rounds; i++) sum += weights[i % 6] * a[i % 6];
    return sum * scale.gain + (long)scale.offset;
}
