/* No include guard: NDEBUG may differ each time. */
#undef assert
#ifdef NDEBUG
#define assert(condition) ((void)0)
#else
#ifdef __cplusplus
extern "C"
#endif
void __seer_assert(int condition);
#define assert(condition) __seer_assert(!!(condition))
#endif
#ifndef __cplusplus
#undef static_assert
#define static_assert _Static_assert
#endif
