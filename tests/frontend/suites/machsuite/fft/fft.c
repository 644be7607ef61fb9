#include "fft.h"

#define cmplx_M_x(a_x, a_y, b_x, b_y) (a_x*b_x - a_y *b_y)
#define cmplx_M_y(a_x, a_y, b_x, b_y) (a_x*b_y + a_y *b_x)
#define cmplx_MUL_x(a_x, a_y, b_x, b_y ) (a_x*b_x - a_y*b_y)
#define cmplx_MUL_y(a_x, a_y, b_x, b_y ) (a_x*b_y + a_y*b_x)
#define cmplx_add_x(a_x, b_x) (a_x + b_x)
#define cmplx_add_y(a_y, b_y) (a_y + b_y)
#define cmplx_sub_x(a_x, b_x) (a_x - b_x)
#define cmplx_sub_y(a_y, b_y) (a_y - b_y)

void fft(double real[FFT_SIZE], double img[FFT_SIZE], double real_twid[FFT_SIZE/2], double img_twid[FFT_SIZE/2]){
    int even, odd, span, log, rootindex;
    double temp;
    log = 0;

    outer:for(span=FFT_SIZE>>1; span; span>>=1, log++){
        inner:for(odd=span; odd<FFT_SIZE; odd++){
            odd |= span;
            even = odd ^ span;

            temp = real[even] + real[odd];
            real[odd] = real[even] - real[odd];
            real[even] = temp;

            temp = img[even] + img[odd];
            img[odd] = img[even] - img[odd];
            img[even] = temp;

            rootindex = (even<<log) & (FFT_SIZE - 1);
            if(rootindex){
                temp = real_twid[rootindex] * real[odd] -
                    img_twid[rootindex]  * img[odd];
                img[odd] = real_twid[rootindex]*img[odd] +
                    img_twid[rootindex]*real[odd];
                real[odd] = temp;
            }
        }
    }
}

#define FF2(a0_x, a0_y, a1_x, a1_y){			\
    TYPE c0_x = *a0_x;					\
    TYPE c0_y = *a0_y;					\
    *a0_x = cmplx_add_x(c0_x, *a1_x);	\
    *a0_y = cmplx_add_y(c0_y, *a1_y);	\
    *a1_x = cmplx_sub_x(c0_x, *a1_x);	\
    *a1_y = cmplx_sub_y(c0_y, *a1_y);	\
}

#define FFT4(a0_x, a0_y, a1_x, a1_y, a2_x, a2_y, a3_x, a3_y){           \
    TYPE exp_1_44_x;	\
    TYPE exp_1_44_y;	\
    TYPE tmp;		\
    exp_1_44_x =  0.0;	\
    exp_1_44_y =  -1.0;	\
    FF2( a0_x, a0_y, a2_x, a2_y);   \
    FF2( a1_x, a1_y, a3_x, a3_y);   \
    tmp = *a3_x;	\
    *a3_x = *a3_x*exp_1_44_x-*a3_y*exp_1_44_y;	\
    *a3_y = tmp*exp_1_44_y - *a3_y*exp_1_44_x;	\
    FF2( a0_x, a0_y, a1_x, a1_y );  \
    FF2( a2_x, a2_y, a3_x, a3_y );  \
}

void loadx4(TYPE a_x[], TYPE x[], int offset, int sx){
    a_x[0] = x[0*sx+offset];
    a_x[1] = x[1*sx+offset];
    a_x[2] = x[2*sx+offset];
    a_x[3] = x[3*sx+offset];
}

void storex4(TYPE a_x[4], TYPE x[32], int offset, int sx) {
    int i, reversed[4] = {0, 2, 1, 3};
    for (i = 0; i < 4; i++) x[i * sx + offset] = a_x[reversed[i]];
}

void twiddles4(TYPE a_x[4], TYPE a_y[4], int i, int n){
    int reversed4[] = {0,2,1,3};
    int j;
    TYPE phi, tmp, phi_x, phi_y;

    twiddles:for(j=1; j < 4; j++){
        phi = ((-2*PI*reversed4[j]/n)*i);
        phi_x = cos(phi);
        phi_y = sin(phi);
        tmp = a_x[j];
        a_x[j] = cmplx_M_x(a_x[j], a_y[j], phi_x, phi_y);
        a_y[j] = cmplx_M_y(tmp, a_y[j], phi_x, phi_y);
    }
}

void fft1D_32(TYPE work_x[32], TYPE work_y[32]){
    int tid, hi, lo, stride;
    int reversed[] = {0,2,1,3};
    TYPE DATA_x[THREADS*4];
    TYPE DATA_y[THREADS*4];
    TYPE data_x[ 4 ];
    TYPE data_y[ 4 ];
    TYPE smem[4*4*4];
    stride = THREADS;
    loop0 : for(tid = 0; tid < 64; tid++) smem[tid] = 0;

    loop1 : for(tid = 0; tid < THREADS; tid++){
        loadx4(data_x, work_x, tid, stride);
        loadx4(data_y, work_y, tid, stride);
        FFT4( data_x, data_y, (data_x+1), (data_y+1), (data_x+2), (data_y+2), &data_x[3], &data_y[3] )
        twiddles4( data_x, data_y, tid, 16 );
        DATA_x[tid*4]     = data_x[0];
        DATA_x[tid*4 + 1] = data_x[1];
        DATA_x[tid*4 + 2] = data_x[2];
        DATA_x[tid*4 + 3] = data_x[3];
        loop1b : for (lo = 0; lo < 4; lo++) DATA_y[(tid << 2) + lo] = data_y[lo];
    }
    loop2 : for(tid=0; tid<THREADS; tid++){
        hi = tid>>1;
        lo = tid&1;
        int offset = hi*8 + lo;
        storex4(&DATA_x[tid*4], smem, offset, 4);
        storex4(DATA_y + tid*4, &smem[32], offset, 4);
        stride = reversed[tid] + hi;
    }
    loop3 : for(tid=0; tid<16; tid++){
        work_x[tid] = smem[tid];
        work_y[(tid + stride) & 31] = smem[32 + tid];
    }
}
