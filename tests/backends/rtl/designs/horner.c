// Double precision, one iteration after the other.
double horner(double x, const double c[16]) {
    double acc = 0.0;
    terms: for (int i = 0; i < 16; i++)
        acc = acc * x + c[i];
    return acc;
}
