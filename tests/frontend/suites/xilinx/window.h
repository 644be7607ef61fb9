#ifndef WINDOW_H_
#define WINDOW_H_
constexpr int K = 3;
#define WIDTH 8
#define HEIGHT 6
#define DEPTH (WIDTH * HEIGHT)
void filter2d(const uint8_t *src, uint8_t *dst);
inline uint8_t std_clip(int x) { return x > 255 ? 255 : (uint8_t)x; }
#endif
