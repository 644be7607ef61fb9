/* Both factors scaled by their own shifts before they are multiplied. */
unsigned shift_mult(unsigned char a, unsigned char b, unsigned char s, unsigned char t) {
    return ((unsigned)a << (s & 7)) * ((unsigned)b << (t & 7));
}
