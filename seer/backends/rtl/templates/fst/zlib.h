// What Verilator's FST writer needs of zlib, so that no library has to be installed: blocks that are stored as they
// are (RFC 1950, 1951). The writer keeps whichever is smaller, so it then writes its own bytes.
#ifndef SEER_FST_ZLIB_H
#define SEER_FST_ZLIB_H
#include <cstdint>
#include <cstring>

typedef unsigned long uLong;
typedef unsigned long uLongf;
typedef unsigned char Bytef;
#define Z_OK 0
#define Z_BUF_ERROR (-5)

inline uLong compressBound(uLong size) { return size + 5 * (size / 65535 + 1) + 6; }

inline int compress2(Bytef* target, uLongf* capacity, const Bytef* source, uLong size, int) {
    if (*capacity < compressBound(size)) return Z_BUF_ERROR;
    Bytef* to = target;
    *to++ = 0x78;
    *to++ = 0x01;
    uLong done = 0;
    do {
        const uLong count = size - done < 65535 ? size - done : 65535;
        *to++ = done + count == size;
        *to++ = count & 255;
        *to++ = count >> 8;
        *to++ = ~count & 255;
        *to++ = ~count >> 8 & 255;
        if (count) std::memcpy(to, source + done, count);
        to += count;
        done += count;
    } while (done < size);
    uint32_t low = 1, high = 0;
    for (uLong i = 0; i < size; ++i) {
        low = (low + source[i]) % 65521;
        high = (high + low) % 65521;
    }
    const uint32_t sum = high << 16 | low;
    for (int shift = 24; shift >= 0; shift -= 8) *to++ = sum >> shift & 255;
    *capacity = static_cast<uLongf>(to - target);
    return Z_OK;
}
#endif
