/* Rotation by shifts and adds in fixed point, with a table of angles. */
#include <stdint.h>
typedef int32_t fixed;
static const fixed angles[12] = {51471, 30385, 16054, 8149, 4090, 2047, 1023, 511, 255, 127, 63, 31};
void cordic(int16_t theta[6], fixed c[6], fixed s[6])
{
    for (int k = 0; k < 6; k++) {
        fixed x = 39796, y = 0, z = theta[k];
        for (int i = 0; i < 12; ++i) {
            fixed dx = x >> i, dy = y >> i;
            const _Bool down = z < 0;
            x = down ? x + dy : x - dy;
            y = down ? y - dx : y + dx;
            z += down ? angles[i] : -angles[i];
        }
        c[k] = x;
        s[k] = y;
    }
}
