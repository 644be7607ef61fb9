/* while and do loops that count: up and down, stepped at the end or in the condition, from constants, variables
   and arguments; the counter is used behind each. */
int counting_while(int a[16], unsigned char n, int m)
{
    int i = 0, sum = 0;
    while (i < 16) {
        sum += a[i];
        i++;
    }
    sum += i;
    do {
        i -= 3;
        sum ^= i;
    } while (i > 0);
    int k = 15;
    do {
        sum = sum * 3 + a[k];
        k -= 2;
    } while (k >= 0);
    sum += k;
    unsigned char c = 250;
    while (c++ < 255)
        sum += c;
    sum -= c;
    signed char d = -100;
    while (-128 < d--)
        sum ^= d << 3;
    sum += d;
    while (n--)
        a[n & 15] += n;
    sum += n;
    m &= 31;
    while (m < 20) {
        sum += m;
        ++m;
    }
    sum += m;
    k = 9;
    if (a[0] & 1)
        k = 4;
    do
        sum += a[k];
    while (--k > 2);
    for (int j = 0; j < 4; j++) {
        int q = j;
        while (q != 6) {
            a[q] -= sum;
            q += 1;
        }
        sum += q;
    }
    return sum + k;
}
