/* No loop at all; the value returned is converted to the function's type. */
signed char returns_narrow(int a, unsigned short b)
{
    int t = {a + b}, v = t;
    t ^= v << 2;
    return t - 300;
}
