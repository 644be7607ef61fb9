/* One colour over another with an alpha of 8 bits. */
unsigned char alpha_blending(unsigned char over, unsigned char under, unsigned char alpha) {
    return (over * alpha + under * (255 - alpha)) / 255;
}
