// Stands in for the vendor's header where the original is compiled: <cmath> under its name.
#ifndef SEER_HLS_MATH_H
#define SEER_HLS_MATH_H
#include <algorithm>
#include <cmath>
namespace hls {
using namespace std;
}
#endif
