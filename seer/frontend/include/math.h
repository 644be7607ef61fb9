/* Declarations only: enough for files that hold a test bench beside the kernel. */
#ifndef SEER_MATH_H
#define SEER_MATH_H
#ifdef __cplusplus
extern "C" {
#endif
double sqrt(double x);
double fabs(double x);
double floor(double x);
double ceil(double x);
double round(double x);
double pow(double x, double y);
double fmod(double x, double y);
double exp(double x);
double log(double x);
double log2(double x);
double sin(double x);
double cos(double x);
double tan(double x);
double atan2(double y, double x);
float sqrtf(float x);
float fabsf(float x);
float powf(float x, float y);
float expf(float x);
float logf(float x);
#ifdef __cplusplus
}
#endif
#endif
