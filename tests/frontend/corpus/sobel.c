/* An edge filter with line buffers and a window of pixels, as video kernels hold them. */
#include <stdint.h>
#include <stdlib.h>
#define ROWS 6
#define COLS 8
typedef uint8_t pixel_t;
#define ABS(x) ((x) < 0 ? -(x) : (x))
void sobel(pixel_t in[ROWS][COLS], pixel_t out[ROWS][COLS])
{
    const int gx[3][3] = {{-1, 0, 1}, {-2, 0, 2}, {-1, 0, 1}}, gy[3][3] = {{-1, -2, -1}, {0}, {1, 2, 1}};
    pixel_t lines[2][COLS] = {{0}}, window[3][3] = {{0}};
#pragma HLS ARRAY_PARTITION variable=window complete dim=0
    for (int y = 0; y < ROWS; y++)
        for (int x = 0; x < COLS; x++) {
#pragma HLS PIPELINE II=1
            for (int r = 0; r < 3; r++)
                for (int c = 0; c < 2; c++)
                    window[r][c] = window[r][c + 1];
            window[0][2] = lines[0][x];
            window[1][2] = lines[0][x] = lines[1][x];
            window[2][2] = lines[1][x] = in[y][x];
            int sx = 0, sy = 0;
            for (int r = 0; r < 3; r++)
                for (int c = 0; c < 3; c++) {
                    sx += window[r][c] * gx[r][c];
                    sy += window[r][c] * gy[r][c];
                }
            int sum = ABS(sx) + abs(sy);
            if (y >= 2 && x >= 2)
                out[y - 1][x - 1] = sum > 255 ? 255 : sum;
        }
}
