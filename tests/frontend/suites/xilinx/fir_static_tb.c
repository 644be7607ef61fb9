#include <stdio.h>
#include <stdlib.h>
void fir(int *y, int c[11], int x);
int main () {
  int signal = 0, output, taps[11] = {0,-10,-9,23,56,63,56,23,-9,-10,0}, i, ramp_up = 1;
  FILE *fp = fopen("/dev/null","w");
  for (i=0;i<=60;i++) {
    if (ramp_up == 1) signal = signal + 1; else signal = signal - 1;
    fir(&output,taps,signal);
    if ((ramp_up == 1) && (signal >= 75)) ramp_up = 0;
    else if ((ramp_up == 0) && (signal <= -75)) ramp_up = 1;
    fprintf(fp,"%i %d %d\n",i,signal,output);
  }
  fclose(fp);
  return 0;
}
