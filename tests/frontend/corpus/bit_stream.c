/* Reads codes of varying length from a stream of bytes: state in the file, refilled in a loop. */
#include <stdint.h>
static uint32_t window;
static int filled, position;
static unsigned show(int bits) { return window >> (32 - bits); }
static void drop(const uint8_t *data, int bits)
{
    window <<= bits;
    filled -= bits;
    while (filled <= 24) {
        window |= (uint32_t)data[position++ % 16] << (24 - filled);
        filled += 8;
    }
}
static unsigned get(const uint8_t *data, int bits)
{
    unsigned value = show(bits);
    drop(data, bits);
    return value;
}
int bit_stream(const uint8_t data[16], uint8_t kind[10], int16_t value[10])
{
    int k;
    window = 0, filled = 0, position = 0;
    drop(data, 0);
    for (k = 0; k < 10; k++) {
        if (get(data, 1)) {
            kind[k] = 1;
            value[k] = get(data, 4);
        } else if (show(2) == 3) {
            drop(data, 2);
            unsigned size = get(data, 3) + 1, raw = get(data, size);
            kind[k] = 2;
            value[k] = raw < 1u << (size - 1) ? (int)(raw - (1u << size)) + 1 : (int)raw;
        } else if (!get(data, 2))
            break;
        else
            kind[k] = value[k] = 0;
    }
    return k * 100 + position;
}
