// A shift register that runs until it meets its start again or a limit.
#include <ap_int.h>

short sequence(ap_uint<7> start, ap_uint<7> seen[2], ap_uint<40> &history) {
    const ap_uint<7> first = start;
    ap_uint<7> state = first;
    short steps = 0;
    do {
        bool in = state[6] ^ state[5];
        state = (state.range(5, 0), ap_uint<1>(in));
        history.lrotate(1);
        history.set_bit(0, in);
        if (steps == 3)
            history.invert(39);
        steps++;
    } while (state != first && steps < 150);
    seen[0] = ~state;
    seen[1] = state;
    seen[1].reverse();
    if (state.and_reduce())
        history.clear(5);
    return steps--;
}
