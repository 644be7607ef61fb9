int state[8], counter;
static unsigned char taps[4];
struct gains { int k; short t[3]; } gains;
const int limit = 5;
static const double scale = 2.5;
static void bump(void) { counter++; gains.t[counter & 1] += limit; }
void globals(int x) {
    for (int i = 0; i < 8; i++) {
        state[i] += x * taps[i & 3];
        if (state[i] & 1) bump();
    }
    taps[0] = counter * scale;
    gains.k = gains.t[2] - x;
}
int main(void) { return 0; }
