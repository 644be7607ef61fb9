/* A 3x3 filter with line buffers and a window, on a stream of pixels in an array. */
#include <cstring>
#include <stdint.h>
#include "window.h"

static const int coefficients[K][K] = {{1, 2, 1}, {2, 4, 2}, {1, 2, 1}};

namespace {
template <int ROWS, int COLS>
void shift_left(uint8_t window[ROWS][COLS]) {
#pragma HLS INLINE
    for (int r = 0; r < ROWS; r++) {
#pragma HLS UNROLL
        for (int c = 0; c < COLS - 1; c++) {
#pragma HLS UNROLL
            window[r][c] = window[r][c + 1];
        }
    }
}
} // namespace

void filter2d(const uint8_t *src, uint8_t *dst) {
#pragma HLS INTERFACE m_axi port=src bundle=gmem0 depth=DEPTH
    uint8_t line[K - 1][WIDTH];
    uint8_t window[K][K];
#pragma HLS ARRAY_PARTITION variable=line dim=1 complete
    std::memset(line, 0, sizeof(line));
    for (int i = 0; i < K; i++) for (int j = 0; j < K; j++) window[i][j] = 0;
    rows: for (int y = 0; y < HEIGHT + 1; y++) {
        cols: for (int x = 0; x < WIDTH + 1; x++) {
#pragma HLS PIPELINE II=1
#pragma HLS LOOP_FLATTEN off
            uint8_t pixel = 0;
            if (y < HEIGHT && x < WIDTH) pixel = src[y * WIDTH + x];
            shift_left<K, K>(window);
            if (x < WIDTH) {
                for (int i = 0; i < K - 1; i++) window[i][K - 1] = line[i][x];
                window[K - 1][K - 1] = pixel;
                for (int i = 0; i < K - 2; i++) line[i][x] = line[i + 1][x];
                line[K - 2][x] = pixel;
            }
            if (y >= 1 && x >= 1) {
                int sum = 0;
                for (int i = 0; i < K; i++)
                    for (int j = 0; j < K; j++)
                        sum += window[i][j] * coefficients[i][j];
                *dst++ = std_clip(sum >> 4);
            }
        }
    }
}
