// Stands in for the vendor's header where the original is compiled: a queue without a bound.
#ifndef SEER_HLS_STREAM_H
#define SEER_HLS_STREAM_H
#include <deque>
namespace hls {
template <class T, int D = 0> class stream {
    std::deque<T> held;

  public:
    stream() {}
    explicit stream(const char *) {}
    bool empty() const { return held.empty(); }
    bool full() const { return false; }
    std::size_t size() const { return held.size(); }
    void write(const T &value) { held.push_back(value); }
    T read() {
        T value = held.front();
        held.pop_front();
        return value;
    }
    void read(T &to) { to = read(); }
    bool read_nb(T &to) { return held.empty() ? false : (to = read(), true); }
    bool write_nb(const T &value) { return held.push_back(value), true; }
    stream &operator>>(T &to) { return to = read(), *this; }
    stream &operator<<(const T &from) { return held.push_back(from), *this; }
};
} // namespace hls
#endif
