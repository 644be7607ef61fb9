/* Declarations only: enough for files that hold a test bench beside the kernel. */
#ifndef SEER_LOCALE_H
#define SEER_LOCALE_H
#ifdef __cplusplus
extern "C" {
#endif
#define LC_ALL 6
#define LC_NUMERIC 1
char *setlocale(int category, const char *locale);
#ifdef __cplusplus
}
#endif
#endif
