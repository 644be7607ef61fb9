#ifndef SEER_STDDEF_H
#define SEER_STDDEF_H
typedef unsigned long size_t;
typedef long ptrdiff_t;
#ifndef __cplusplus
typedef int wchar_t;
#define NULL ((void *)0)
#else
#define NULL __null
#endif
#define offsetof(type, member) __builtin_offsetof(type, member)
#endif
