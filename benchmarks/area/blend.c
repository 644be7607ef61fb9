/* Two pictures of bytes blended by a third, saturated and rounded. */
#include <stdint.h>
void blend(const uint8_t front[64], const uint8_t back[64], const uint8_t alpha[64], uint8_t out[64], uint8_t light)
{
    for (int i = 0; i < 64; i++) {
        uint16_t mixed = front[i] * alpha[i] + back[i] * (255 - alpha[i]) + 128;
        uint16_t level = (mixed >> 8) + light;
        out[i] = level > 255 ? 255 : level;
    }
}
