/* Elements of more than 64 bits that move between arrays, bit by bit and whole. */
void wide_moves(unsigned _BitInt(100) a[4], __int128 b[4], _BitInt(65) k)
{
    for (int i = 0; i < 4; i++) {
        a[i] = (a[3 - i] >> 37) ^ (unsigned _BitInt(100))k;
        b[i] ^= (__int128)a[i] << 20;
    }
}
