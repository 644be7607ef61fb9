#include <cstdint>
constexpr int N = 6;
template <typename T> struct Pair { T a, b; };
template <typename T, int K> static T dot(const T (&x)[K], const T *y) { T s = 0; for (int i = 0; i < K; i++) s += x[i] * y[i]; return s; }
static void bump(int &x, const int &by) { x += by; }
template <int S> static int shift(int x) { return x << S; }
struct vec { int x; int y; };
namespace deep { inline int twice(int v) { return v * 2; } }
using word = uint16_t;
extern "C" int refs(int a[N], int b[N], int &total, vec v[2], word w) {
    int &first = a[0];
    for (int i = 0; i < N; ++i) { bump(a[i], b[i]); bump(total, 3); }
    int copy[N] = {1, 2, 3, a[3], a[4], a[5]};
    first = dot<int, N>(copy, b) + shift<3>(static_cast<int>(w));
    vec t = {a[1], a[2]};
    v[1] = t;
    Pair<short> p{1, 2};
    bool flag = true;
    auto k = deep::twice(p.b);
    return flag ? v[0].x + k : int(w);
}
