/* Enough for clang to read a file that uses them; seer refuses them where they are used. */
#ifndef SEER_AP_FIXED_H
#define SEER_AP_FIXED_H
#include <ap_int.h>
enum ap_q_mode { AP_RND, AP_RND_ZERO, AP_RND_MIN_INF, AP_RND_INF, AP_RND_CONV, AP_TRN, AP_TRN_ZERO };
enum ap_o_mode { AP_SAT, AP_SAT_ZERO, AP_SAT_SYM, AP_WRAP, AP_WRAP_SM };
struct seer_ap_number {
    seer_ap_number(double = 0);
    operator double() const;
    seer_ap_number &operator+=(double);
    seer_ap_number &operator-=(double);
    seer_ap_number &operator*=(double);
    seer_ap_number &operator/=(double);
};
template <int W, int I, ap_q_mode Q = AP_TRN, ap_o_mode O = AP_WRAP, int N = 0> struct ap_fixed : seer_ap_number {
    using seer_ap_number::seer_ap_number;
};
template <int W, int I, ap_q_mode Q = AP_TRN, ap_o_mode O = AP_WRAP, int N = 0> struct ap_ufixed : seer_ap_number {
    using seer_ap_number::seer_ap_number;
};
#endif
