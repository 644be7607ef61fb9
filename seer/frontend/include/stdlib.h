/* Declarations only: enough for files that hold a test bench beside the kernel. */
#ifndef SEER_STDLIB_H
#define SEER_STDLIB_H
#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif
#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1
#define RAND_MAX 2147483647
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *block, size_t size);
void free(void *block);
void exit(int status);
void abort(void);
typedef struct {
    int quot;
    int rem;
} div_t;
typedef struct {
    long quot;
    long rem;
} ldiv_t;
div_t div(int left, int right);
ldiv_t ldiv(long left, long right);
void *aligned_alloc(size_t alignment, size_t size);
int posix_memalign(void **to, size_t alignment, size_t size);
int atexit(void (*function)(void));
int system(const char *command);
int setenv(const char *name, const char *value, int overwrite);
int abs(int value);
long long llabs(long long value);
long long atoll(const char *text);
double strtod(const char *text, char **end);
float strtof(const char *text, char **end);
long double strtold(const char *text, char **end);
long long strtoll(const char *text, char **end, int base);
unsigned long long strtoull(const char *text, char **end, int base);
long random(void);
void srandom(unsigned int seed);
double drand48(void);
long lrand48(void);
void srand48(long seed);
int rand_r(unsigned int *seed);
void *bsearch(const void *key, const void *base, size_t count, size_t size,
              int (*compare)(const void *, const void *));
long labs(long value);
int atoi(const char *text);
long atol(const char *text);
double atof(const char *text);
long strtol(const char *text, char **end, int base);
unsigned long strtoul(const char *text, char **end, int base);
int rand(void);
void srand(unsigned int seed);
char *getenv(const char *name);
void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *));
#ifdef __cplusplus
}
/* C++ overloads abs. */
namespace std {
using ::abs;
inline long abs(long x) { return ::labs(x); }
inline long long abs(long long x) { return ::llabs(x); }
inline float abs(float x) { return __builtin_fabsf(x); }
inline double abs(double x) { return __builtin_fabs(x); }
using ::abort;
using ::atof;
using ::atoi;
using ::atol;
using ::calloc;
using ::exit;
using ::free;
using ::getenv;
using ::labs;
using ::malloc;
using ::qsort;
using ::rand;
using ::realloc;
using ::size_t;
using ::srand;
using ::strtod;
using ::strtol;
using ::strtoul;
} // namespace std
using std::abs;
#endif
#endif
