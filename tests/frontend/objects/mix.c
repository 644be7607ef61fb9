#include <math.h>
#include <string.h>
typedef enum { RED, GREEN = 5, BLUE } color;
struct cell { color c; struct { float w[2]; unsigned char tag; } in[3]; };
static _Bool odd(int x) { return x & 1; }
static int step(int *state) { *state = *state * 5 + 1; return *state & 7; }
static float norm(const float v[3]) { float s = 0; for (int i = 0; i < 3; i++) s += v[i] * v[i]; return sqrtf(s); }
static int copy(char *to, const char *from) { int n = 0; while ((*to++ = *from++) && n < 6) n++; return n; }
static double poly(double x) { static const double k[] = {1, -0.5, 0.25}; double r = 0; for (int i = 2; i >= 0; i--) r = r * x + k[i]; return r; }
static struct cell make(color c, float w) { struct cell r = {c, {{{w, w * 2}, 3}, {.tag = 9}}}; if (c == RED) { r.in[2].tag = 1; return r; } r.in[2].w[1] = w; return r; }
int mix(struct cell g[2][2], float v[3], char s[8], char t[8], unsigned u, long l, _Bool b, int n) {
    int x = n, state = n & 15, *p = &x, count = 0;
    x += 1.5; *p -= 0.25f;
    unsigned char narrow = 200; narrow += 60.7; narrow *= b ? 1 : 2;
    if (odd(x) && step(&state) > 3 || odd(state)) count += 10;
    while (step(&state) != 3 && count < 60) count++;
    v[0] = u; v[1] += (float)l; v[2] = norm(v) + (float)poly(v[1]) - (n ? 0.5 : 2);
    for (float f = 0; f < 1.0f; f += 0.25f) count += f > 0.3;
    memset(t, 0, 8); s[7] = 0;
    count += copy(t, s) * 100;
    g[0][1] = make(n & 1 ? GREEN : RED, v[0]);
    g[1][0].in[n & 1].w[1] = make(BLUE, 1).in[2].w[1];
    struct cell *q = &g[1][1];
    for (int i = 0; i < 3; i++) q->in[i].tag += (unsigned char)g[0][1].in[i].tag;
    memcpy(&g[1][0], &g[0][1], sizeof(struct cell));
    double d = (double)u / 3; b = d; 
    int arr[3]; 
    for (int i = 0; i < 3; i++) arr[i] = i * n;
    int *lo = arr, *hi = arr + 2;
    while (lo < hi) { int h = *lo; *lo++ = *hi; *hi-- = h; }
    return count + narrow + b + arr[0] + ((p == &x) ? 1 : 0) + (p ? 2 : 0) + (int)fmod(d, 7.0) + GREEN;
}
