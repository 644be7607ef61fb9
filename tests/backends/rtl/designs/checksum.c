// A table, bytes, registers, and a bit-serial inner loop that is unrolled.
static const unsigned char SBOX[256] = {
#define R(x) (unsigned char)((x) * 37 + 11), (unsigned char)((x) * 91 + 5), (unsigned char)((x) * 53 + 200), (unsigned char)((x) * 17)
#define Q(x) R(x), R(x + 1), R(x + 2), R(x + 3)
#define P(x) Q(x), Q(x + 4), Q(x + 8), Q(x + 12)
    P(0), P(16), P(32), P(48)
};
unsigned checksum(const unsigned char data[512], unsigned seed) {
    unsigned crc = seed;
    bytes: for (int i = 0; i < 512; i++) {
        crc ^= SBOX[data[i]];
        for (int b = 0; b < 8; b++)
            crc = (crc >> 1) ^ (0xedb88320u & (0u - (crc & 1)));
    }
    return ~crc;
}
