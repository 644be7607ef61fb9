/* Subscripts as wide as the array needs: unsigned char into 256 elements, unsigned short into 40000. */
void narrow_subscript(int a[256], int b[16], int c[40000])
{
    for (int i = 0; i < 16; i++) {
        a[(unsigned char)(i + 250)] = b[i];
        c[(unsigned short)(i * 2300)] = a[(unsigned char)(b[i] * 3)];
    }
}
