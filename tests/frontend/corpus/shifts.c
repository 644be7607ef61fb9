/* A multiplication by three spelled in several ways; the shift amount keeps its own type. */
void shifts(int a[64], unsigned char by[64], unsigned b[64])
{
    for (int i = 0; i < 20; i++) {
        a[(i << 1) + i] = a[3 * i] + 1;
        b[i + i + i] = b[i] >> (by[i] & 31);
        b[i] ^= (unsigned char)(by[i] << 1) >> (by[i] & 3);
    }
}
