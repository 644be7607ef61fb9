/* Pointers that leave one array for another, and ones into members of changing objects. */
struct entry { int x, y; char name[4]; };

int reseated(int a[8], int b[8], struct entry s[4], int n) {
    register int *p;
    char *c = s[n & 3].name;
    int sum = 0, last = 5, *z = &s[0].x;
    for (int i = 0; i < 4; i++) {
        p = a + i;
        sum = sum * 3 + *p++ + *c++;
        if (i == 1) c = s[(n + 1) & 3].name;
        p = b + i;
        *p++ = sum;
        if (n > i) { p = a; *p = i; }
        p = &b[i + 4];
        *p += i;
    }
    for (int i = 0; i < 4; i++) {
        sum ^= *z;
        sum += z == &s[i].x;
        z = &s[(i * n) & 3].x;
        c = i > n ? s[i].name : s[n & 3].name + 1;
        for (char *end = c + 3; c != end; c++) sum += *c << i;
    }
    *z = 7;
    z = &last;
    *z += sum;
    for (p = b; p < b + 8; p++) *p = *p < 0 ? *p - 8 : *p + 8;
    return last + (s[1].name == s[n & 3].name);
}
