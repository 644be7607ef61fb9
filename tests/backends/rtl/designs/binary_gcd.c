// While loops and predicated ifs on 64-bit scalars.
unsigned long long binary_gcd(unsigned long long a, unsigned long long b) {
    if (a == 0 || b == 0)
        return a | b;
    int twos = 0;
    common: while (((a | b) & 1) == 0) {
        a >>= 1;
        b >>= 1;
        twos++;
    }
    reduce: while (a != b) {
        if ((a & 1) == 0)
            a >>= 1;
        else if ((b & 1) == 0)
            b >>= 1;
        else if (a > b)
            a = (a - b) >> 1;
        else
            b = (b - a) >> 1;
    }
    return a << twos;
}
