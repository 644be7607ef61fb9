typedef struct { int x; short v[3]; } item;

static item larger(item a, item b, int c) { return c > 0 ? a : b; }

void chosen_structs(item s[4], int k, item *out) {
    item t = k & 1 ? s[0] : s[1], u;
    u = k & 2 ? t : k & 4 ? s[k & 3] : larger(s[2], s[3], k);
    *out = u;
    out->x += (k & 1 ? t : u).v[2];
    s[3] = s[2] = t;
    out->v[0] = (s[k & 3] = u).v[1], s[0] = (k++, u);
    out->v[1] ^= k;
}
