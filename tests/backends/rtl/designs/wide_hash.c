// Wide: sums, shifts and rotations of 128 bits, and a 64-bit product.
void wide_hash(const unsigned long long in[32], unsigned long long out[2]) {
    unsigned __int128 h = 0x9e3779b97f4a7c15ull;
    mix: for (int i = 0; i < 32; i++) {
        unsigned __int128 k = (unsigned __int128)in[i] * 0xff51afd7ull;
        h ^= k;
        h = (h << 29) | (h >> 99);
        h += (h << 3) + 0x52dce729ull;
    }
    out[0] = (unsigned long long)h;
    out[1] = (unsigned long long)(h >> 64);
}
