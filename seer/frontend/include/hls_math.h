/* The functions of <cmath> under the vendor's name. */
#ifndef SEER_HLS_MATH_H
#define SEER_HLS_MATH_H
#include <cmath>
namespace hls {
using namespace std;
}
#endif
