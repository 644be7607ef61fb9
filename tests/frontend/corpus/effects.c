/* Assignments, ++ and -- and commas inside expressions: values, types and order. */
unsigned effects(int a[8], unsigned char b[8], short s)
{
    int i = 0, j, k;
    j = k = s;
    a[i++] = j;
    a[i++] = k + 1;
    a[++i] += 5;
    b[i--] = 300;
    int n = b[3]++;
    n += ++b[3];
    unsigned char c = 255;
    int before = c++, after = c--;
    a[4] = before * 1000 + after;
    a[5] = (c = 511) + 1;
    a[6] = (s += 40000) < 0;
    a[7] = (i = 2, j = i + 1, i * j);
    int v = a[(k & 3) + 1] ^= 7;
    v <<= (j += 1);
    b[6] = b[7] |= 3;
    _Bool flag = 5;
    flag++;
    b[4] = flag--;
    b[5] = flag;
    long wide = (s -= 1);
    (void)(k++, ++k);
    return v + n + i + j + k + c + wide;
}
