#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <unistd.h>
#include <assert.h>
#include <time.h>
#include <sys/time.h>
#include <sys/resource.h>
#include <sched.h>
#include <math.h>
#include "polybench.h"

double polybench_t_start, polybench_t_end;

static double rtclock(void)
{
  struct timeval Tp;
  int stat;
  stat = gettimeofday (&Tp, NULL);
  if (stat != 0) printf ("Error return from gettimeofday: %d", stat);
  return (Tp.tv_sec + Tp.tv_usec * 1.0e-6);
}

void* polybench_alloc_data(unsigned long long int n, int elt_size)
{
  void* ret = NULL;
  if (posix_memalign (&ret, 4096, n * elt_size) || ! ret) {
    fprintf (stderr, "[PolyBench] posix_memalign: cannot allocate memory");
    exit (1);
  }
  polybench_t_start = rtclock();
  return ret;
}
