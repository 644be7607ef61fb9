// filtered_sum: written by seer 0.1.0 from k.c
//
// latency      1234 cycles predicted for the recorded calls
// area         100 LUT, 200 FF, 3 DSP, 0 BRAM
// target       xc7 at 5 ns
// seed         7
// equivalence  24 vectors, 0 mismatches

extern "C" int filtered_sum(short x[64], short y[64], unsigned char hits[64], int n) {
    int total = 0;
    L1_L2: for (int i = 0; i < n; i++) {
#pragma HLS PIPELINE II=2
#pragma HLS LOOP_TRIPCOUNT min=0 max=64
        const int product = x[i] * x[i];
        total += (unsigned)product;
        if (x[i] > 0)
            hits[i] = (unsigned)(product * 5) >> 3;
    }
    L3: for (int i = 0; i < 64; i += 2) {
#pragma HLS PIPELINE off
        y[i] -= x[i];
        y[i + 1] -= x[i + 1];
    }
    return total;
}
