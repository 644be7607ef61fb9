/* Enough for clang to read a file that uses them; seer refuses them where they are used. */
#ifndef SEER_HLS_STREAM_H
#define SEER_HLS_STREAM_H
namespace hls {
template <class T, int D = 0> struct stream {
    stream();
    stream(const char *name);
    T read();
    void read(T &to);
    void write(const T &from);
    bool read_nb(T &to);
    bool write_nb(const T &from);
    unsigned long size() const;
    bool empty() const;
    bool full() const;
    stream &operator>>(T &to);
    stream &operator<<(const T &from);
};
}
#endif
