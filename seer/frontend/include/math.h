/* Declarations only: functions of math.h stay operations of their own. */
#ifndef SEER_MATH_H
#define SEER_MATH_H
#ifdef __cplusplus
extern "C" {
#endif
#define M_E 2.7182818284590452354
#define M_PI 3.14159265358979323846
#define M_PI_2 1.57079632679489661923
#define M_SQRT2 1.41421356237309504880
#define INFINITY (__builtin_inff())
#define NAN (__builtin_nanf(""))
#define HUGE_VAL (__builtin_huge_val())
#define M_LOG2E 1.4426950408889634074
#define M_LOG10E 0.43429448190325182765
#define M_LN2 0.69314718055994530942
#define M_LN10 2.30258509299404568402
#define M_PI_4 0.78539816339744830962
#define M_1_PI 0.31830988618379067154
#define M_2_PI 0.63661977236758134308
#define M_2_SQRTPI 1.12837916709551257390
#define M_SQRT1_2 0.70710678118654752440
#define HUGE_VALF (__builtin_huge_valf())
#define MAXFLOAT 3.40282347e+38F
#ifndef __cplusplus
#define isnan(x) __builtin_isnan(x)
#define isinf(x) __builtin_isinf(x)
#define isfinite(x) __builtin_isfinite(x)
#define isnormal(x) __builtin_isnormal(x)
#define signbit(x) __builtin_signbit(x)
#endif
typedef float float_t;
typedef double double_t;
double sqrt(double x);
float sqrtf(float x);
double cbrt(double x);
float cbrtf(float x);
double exp(double x);
float expf(float x);
double exp2(double x);
float exp2f(float x);
double expm1(double x);
float expm1f(float x);
double log(double x);
float logf(float x);
double log2(double x);
float log2f(float x);
double log10(double x);
float log10f(float x);
double log1p(double x);
float log1pf(float x);
double erf(double x);
float erff(float x);
double sin(double x);
float sinf(float x);
double cos(double x);
float cosf(float x);
double tan(double x);
float tanf(float x);
double asin(double x);
float asinf(float x);
double acos(double x);
float acosf(float x);
double atan(double x);
float atanf(float x);
double sinh(double x);
float sinhf(float x);
double cosh(double x);
float coshf(float x);
double tanh(double x);
float tanhf(float x);
double asinh(double x);
float asinhf(float x);
double acosh(double x);
float acoshf(float x);
double atanh(double x);
float atanhf(float x);
double floor(double x);
float floorf(float x);
double ceil(double x);
float ceilf(float x);
double round(double x);
float roundf(float x);
double trunc(double x);
float truncf(float x);
double rint(double x);
float rintf(float x);
double nearbyint(double x);
float nearbyintf(float x);
double fabs(double x);
float fabsf(float x);
double pow(double x, double y);
float powf(float x, float y);
double atan2(double x, double y);
float atan2f(float x, float y);
double fmod(double x, double y);
float fmodf(float x, float y);
double copysign(double x, double y);
float copysignf(float x, float y);
double fmin(double x, double y);
float fminf(float x, float y);
double fmax(double x, double y);
float fmaxf(float x, float y);
double hypot(double x, double y);
float hypotf(float x, float y);
double fma(double x, double y, double z);
float fmaf(float x, float y, float z);
double fdim(double x, double y);
float fdimf(float x, float y);
double remainder(double x, double y);
float remainderf(float x, float y);
double tgamma(double x);
double lgamma(double x);
double erfc(double x);
float erfcf(float x);
double ldexp(double x, int e);
float ldexpf(float x, int e);
int ilogb(double x);
double logb(double x);
double scalbn(double x, int e);
double frexp(double x, int *e);
double modf(double x, double *i);
float frexpf(float x, int *e);
float modff(float x, float *i);
long lround(double x);
long lroundf(float x);
long long llround(double x);
long lrint(double x);
long lrintf(float x);
long long llrint(double x);
#ifdef __cplusplus
}
/* C++ overloads them for float, and takes other arithmetic types as double. */
#define SEER_UNARY(name) \
    using ::name; \
    inline float name(float x) { return ::name##f(x); } \
    template <class T> inline double name(T x) { return ::name((double)x); }
#define SEER_BINARY(name) \
    using ::name; \
    inline float name(float x, float y) { return ::name##f(x, y); } \
    template <class T, class U> inline double name(T x, U y) { return ::name((double)x, (double)y); }
#include <stdlib.h>
namespace std {
SEER_UNARY(sqrt)
SEER_UNARY(cbrt)
SEER_UNARY(exp)
SEER_UNARY(exp2)
SEER_UNARY(expm1)
SEER_UNARY(log)
SEER_UNARY(log2)
SEER_UNARY(log10)
SEER_UNARY(log1p)
SEER_UNARY(erf)
SEER_UNARY(sin)
SEER_UNARY(cos)
SEER_UNARY(tan)
SEER_UNARY(asin)
SEER_UNARY(acos)
SEER_UNARY(atan)
SEER_UNARY(sinh)
SEER_UNARY(cosh)
SEER_UNARY(tanh)
SEER_UNARY(asinh)
SEER_UNARY(acosh)
SEER_UNARY(atanh)
SEER_UNARY(floor)
SEER_UNARY(ceil)
SEER_UNARY(round)
SEER_UNARY(trunc)
SEER_UNARY(rint)
SEER_UNARY(nearbyint)
SEER_UNARY(fabs)
SEER_BINARY(pow)
SEER_BINARY(atan2)
SEER_BINARY(fmod)
SEER_BINARY(copysign)
SEER_BINARY(fmin)
SEER_BINARY(fmax)
SEER_BINARY(hypot)
SEER_BINARY(fdim)
using ::fma;
using ::ldexp;
using ::frexp;
using ::modf;
using ::lround;
using ::lrint;
using ::sqrtf;
using ::cbrtf;
using ::expf;
using ::exp2f;
using ::expm1f;
using ::logf;
using ::log2f;
using ::log10f;
using ::log1pf;
using ::erff;
using ::sinf;
using ::cosf;
using ::tanf;
using ::asinf;
using ::acosf;
using ::atanf;
using ::sinhf;
using ::coshf;
using ::tanhf;
using ::asinhf;
using ::acoshf;
using ::atanhf;
using ::floorf;
using ::ceilf;
using ::roundf;
using ::truncf;
using ::rintf;
using ::nearbyintf;
using ::fabsf;
using ::powf;
using ::atan2f;
using ::fmodf;
using ::copysignf;
using ::fminf;
using ::fmaxf;
using ::hypotf;
using ::fdimf;
inline float fma(float x, float y, float z) { return ::fmaf(x, y, z); }
inline bool isnan(float x) { return __builtin_isnan(x); }
inline bool isnan(double x) { return __builtin_isnan(x); }
inline bool isinf(float x) { return __builtin_isinf(x); }
inline bool isinf(double x) { return __builtin_isinf(x); }
inline bool isfinite(float x) { return __builtin_isfinite(x); }
inline bool isfinite(double x) { return __builtin_isfinite(x); }
inline bool signbit(float x) { return __builtin_signbit(x); }
inline bool signbit(double x) { return __builtin_signbit(x); }
}
#undef SEER_UNARY
#undef SEER_BINARY
using std::sqrt;
using std::cbrt;
using std::exp;
using std::exp2;
using std::expm1;
using std::log;
using std::log2;
using std::log10;
using std::log1p;
using std::erf;
using std::sin;
using std::cos;
using std::tan;
using std::asin;
using std::acos;
using std::atan;
using std::sinh;
using std::cosh;
using std::tanh;
using std::asinh;
using std::acosh;
using std::atanh;
using std::floor;
using std::ceil;
using std::round;
using std::trunc;
using std::rint;
using std::nearbyint;
using std::fabs;
using std::pow;
using std::atan2;
using std::fmod;
using std::copysign;
using std::fmin;
using std::fmax;
using std::hypot;
using std::fdim;
using std::isnan;
using std::isinf;
using std::isfinite;
using std::signbit;
using std::fma;
#endif
#endif
