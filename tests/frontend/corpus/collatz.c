/* A loop of unknown length in a counted loop. */
void collatz(unsigned start[6], unsigned char length[6])
{
    for (int i = 0; i < 6; i++) {
        unsigned x = start[i] & 0xff;
        unsigned char n = 0;
        while (x > 1) {
            x = x & 1 ? 3 * x + 1 : x / 2;
            n++;
        }
        length[i] = n;
    }
}
