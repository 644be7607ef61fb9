/* CRC-32 of 16 bytes, bit by bit. */
#define N 16
unsigned crc(unsigned char data[N]) {
    unsigned crc = 0xffffffffu;
    for (int i = 0; i < N; i++) {
        crc ^= data[i];
        for (int k = 0; k < 8; k++)
            crc = (crc & 1) ? (crc >> 1) ^ 0xedb88320u : crc >> 1;
    }
    return ~crc;
}
