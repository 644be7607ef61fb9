struct scale { int gain; float offset; };
extern const int rounds;
const int rounds = 9;
const short weights[6] = {3, -1, [4] = 7, 5};
const struct scale scale = {.gain = 2, .offset = 1.5f};
