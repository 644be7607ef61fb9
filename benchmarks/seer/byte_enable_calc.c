/*
 * byte_enable_calc: which lanes of a bus one beat of a transfer writes.
 *
 * The transfer opens at lane `first` and closes behind lane `last`; either may lie in another beat. A lane is enabled
 * while the transfer is open, and else where its strobe is set. Each lane hands the state to its neighbour through
 * memory, and the counters of enabled lanes and of closed transfers are kept there as well, although nobody looks at
 * any of it before the beat is over.
 *
 * Written for seer, with the traits that the paper names for its case study: a short loop of ifs with equal bodies,
 * and dependences through memory that are not needed.
 */

#define LANES 8

unsigned char byte_enable_calc(unsigned char first, unsigned char last, unsigned char strobe, unsigned char carry[1],
                               unsigned char count[2])
{
    unsigned char open[LANES];
    unsigned char enable = 0;
    open[0] = carry[0];

lanes:
    for (int k = 0; k < LANES; k++) {
        unsigned char inside = open[k];
        if (k == first) {
            inside = 1;
        }
        if (inside) {
            enable |= 1 << k;
            count[0] = count[0] + 1;
        } else if ((strobe >> k) & 1) {
            enable |= 1 << k;
            count[0] = count[0] + 1;
        }
        if (k == last) {
            inside = 0;
            count[1] = count[1] + 1;
        }
        open[(k + 1) & (LANES - 1)] = inside;
    }
    carry[0] = open[0];
    return enable;
}
