// Members of structs, references, pointers to objects.
#include <ap_int.h>
struct pixel {
    ap_uint<5> red, blue;
    ap_uint<6> green;
    ap_int<3> offset[2];
};

static void brighten(pixel &p, ap_uint<3> by) {
    p.red = p.red + by > 31 ? ap_uint<5>(31) : ap_uint<5>(p.red + by);
    p.green += by;
    p.blue[4] = p.offset[by & 1] < 0;
}

ap_uint<16> records(pixel image[3], pixel *one, ap_uint<3> by) {
    ap_uint<16> all = 0;
    for (unsigned char i = 0; i < 3; i++) {
        brighten(image[i], by);
        pixel copy = image[i];
        all ^= (copy.red, copy.green, copy.blue);
    }
    one->green.set(5);
    one->red = one->green.range(4, 0);
    one->offset[0]--;
    ap_uint<6> sum = all;
    ap_uint<6> *walk = &sum;
    *walk += by;
    walk->set(3);
    (*walk)(1, 0) = 2;
    (*walk)[5] = walk->get_bit(0);
    one->blue = *walk;
    return all;
}
