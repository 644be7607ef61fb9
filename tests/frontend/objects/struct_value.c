struct pair { int lo; unsigned char hi; };
struct pair struct_value(struct pair p, struct pair q[2]) {
    p.lo += q[0].lo;
    q[1] = p;
    struct pair *r = &q[0];
    r->hi ^= p.hi;
    r++;
    r->lo -= 1;
    return q[p.hi & 1];
}
