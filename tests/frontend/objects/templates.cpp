// Templates of functions and structs, also nested and specialised by value; constexpr functions; overloads.
#include <cstdint>
constexpr int square(int x) { return x * x; }
constexpr int SIZE = square(2) + 1;
enum class Mode : uint8_t { Add, Sub = 3 };
template <typename T, int N> struct Vec { T data[N]; T scale; };
template <typename T> struct Limits { T low; T high; };
template <typename T, int N> static void apply(Vec<T, N> &v, const Limits<T> &l, Mode mode = Mode::Add) {
    for (int i = 0; i < N; ++i) {
        T x = mode == Mode::Add ? v.data[i] + v.scale : v.data[i] - v.scale;
        v.data[i] = x < l.low ? l.low : x > l.high ? l.high : x;
    }
}
template <int K> static int power(int x) { int r = 1; for (int i = 0; i < K; i++) r *= x; return r; }
static int pick(int a) { return a; }
static int pick(short a) { return a * 2; }
template <class A, class B> static auto larger(A a, B b) -> decltype(a + b) { return a > b ? a : b; }
extern "C" int templates(Vec<short, SIZE> &v, Limits<short> l[2], int n, const unsigned char (&key)[4]) {
    Vec<int, 3> w{{n, n + 1, n + 2}, 7};
    apply(v, l[0]);
    apply<int, 3>(w, Limits<int>{-50, 90}, Mode::Sub);
    int sum = power<3>(w.data[1]) + pick(v.data[0]) + pick(w.data[0]);
    for (auto i = 0u; i < 4u; ++i) sum += key[i] << i;
    const auto &first = v.data[0];
    l[1].low = larger(first, static_cast<short>(n));
    return sum + larger(w.data[2], 3L);
}
