/* Fixed-point normalisation: the leading one of 16 bits moved to the top, by steps of 8, 4, 2 and 1. */
unsigned normalisation(unsigned short x) {
    unsigned value = x, shift = 0;
    if ((value & 0xff00) == 0) {
        value <<= 8;
        shift += 8;
    }
    if ((value & 0xf000) == 0) {
        value <<= 4;
        shift += 4;
    }
    if ((value & 0xc000) == 0) {
        value <<= 2;
        shift += 2;
    }
    if ((value & 0x8000) == 0) {
        value <<= 1;
        shift += 1;
    }
    return (value & 0xffff) << 4 | shift;
}
