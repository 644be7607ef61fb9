/* One step of an IMA ADPCM decoder: the difference that a 4-bit code and a step size stand for. */
int adpcm(short predicted, unsigned short step, unsigned char code) {
    int difference = step >> 3;
    if (code & 4)
        difference += step;
    if (code & 2)
        difference += step >> 1;
    if (code & 1)
        difference += step >> 2;
    int value = (code & 8) ? predicted - difference : predicted + difference;
    return value > 32767 ? 32767 : value < -32768 ? -32768 : value;
}
