/* One sample a call; the chain keeps what it holds between calls. */
#define N 11
typedef int coef_t;
typedef int data_t;
typedef int acc_t;

void fir (
  data_t *y,
  coef_t c[N],
  data_t x
  ) {
#pragma HLS INTERFACE ap_vld port=x
#pragma HLS RESOURCE variable=c core=RAM_1P_BRAM
  static data_t shift_reg[N];
  static unsigned count = 3;
  acc_t acc;
  data_t data;
  int i;

  acc=0;
  Shift_Accum_Loop: for (i=N-1;i>=0;i--) {
      if (i==0) {
          shift_reg[0]=x;
          data = x;
      } else {
          shift_reg[i]=shift_reg[i-1];
          data = shift_reg[i];
      }
      acc+=data*c[i];
  }
  count++;
  *y=acc + (int)count;
}
