/* A table made at run time in a local array, one from an initialiser, and bit reversal. */
#include <stdint.h>
#define POLYNOMIAL 0xEDB88320u
static const uint8_t reversed[16] = {0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15};
uint32_t crc_table(const unsigned char data[24], uint8_t mirrored[24], uint32_t crc)
{
    uint32_t nibble[16];
    for (uint32_t i = 0; i < 16; i++) {
        uint32_t c = i;
        for (int k = 0; k < 4; k++)
            c = c & 1 ? POLYNOMIAL ^ (c >> 1) : c >> 1;
        nibble[i] = c;
    }
    crc = ~crc;
    for (int i = 0; i < 24; i++) {
        mirrored[i] = reversed[data[i] & 15] << 4 | reversed[data[i] >> 4];
        crc = nibble[(crc ^ data[i]) & 15] ^ (crc >> 4);
        crc = nibble[(crc ^ data[i] >> 4) & 15] ^ (crc >> 4);
    }
    return crc ^ 0xFFFFFFFF;
}
