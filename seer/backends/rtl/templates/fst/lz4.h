// What Verilator's FST writer needs of LZ4, so that no library has to be installed: one block, compressed greedily.
// Written from the description of the block format: sequences of literals and matches of at least 4 bytes; the last 5
// bytes are literals, and the last match begins at least 12 bytes before the end.
#ifndef SEER_FST_LZ4_H
#define SEER_FST_LZ4_H
#include <cstdint>
#include <cstring>
#include <vector>

inline int LZ4_compressBound(int size) { return size + size / 255 + 16; }

namespace seer_lz4 {
inline uint8_t* length(uint8_t* to, int rest) {
    for (; rest >= 255; rest -= 255) *to++ = 255;
    *to++ = static_cast<uint8_t>(rest);
    return to;
}

// Literals, and a match unless its length is 0.
inline uint8_t* sequence(uint8_t* to, const uint8_t* literals, int count, int offset, int match) {
    const int rest = match ? match - 4 : 0;
    *to++ = static_cast<uint8_t>((count < 15 ? count : 15) << 4 | (rest < 15 ? rest : 15));
    if (count >= 15) to = length(to, count - 15);
    if (count) std::memcpy(to, literals, count);
    to += count;
    if (!match) return to;
    *to++ = static_cast<uint8_t>(offset & 255);
    *to++ = static_cast<uint8_t>(offset >> 8);
    return rest >= 15 ? length(to, rest - 15) : to;
}
}  // namespace seer_lz4

inline int LZ4_compress_default(const char* source, char* target, int size, int capacity) {
    if (size < 0 || capacity < LZ4_compressBound(size)) return 0;
    const uint8_t* const from = reinterpret_cast<const uint8_t*>(source);
    uint8_t* to = reinterpret_cast<uint8_t*>(target);
    std::vector<int> seen(1 << 12, -1);
    int done = 0;
    for (int at = 0; at + 12 < size;) {
        uint32_t word;
        std::memcpy(&word, from + at, 4);
        int& slot = seen[(word * 2654435761u) >> 20];
        const int earlier = slot;
        slot = at;
        if (earlier < 0 || at - earlier > 65535 || std::memcmp(from + earlier, from + at, 4) != 0) {
            ++at;
            continue;
        }
        int match = 4;
        while (at + match < size - 5 && from[earlier + match] == from[at + match]) ++match;
        to = seer_lz4::sequence(to, from + done, at - done, at - earlier, match);
        at += match;
        done = at;
    }
    to = seer_lz4::sequence(to, from + done, size - done, 0, 0);
    return static_cast<int>(to - reinterpret_cast<uint8_t*>(target));
}
#endif
