// A stand-in for the vendor's <ap_int.h>, enough to compile and run what seer emits without the vendor's
// tool. Exact up to 128 bits for the operations that seer uses: both operands of an operator have one
// type, and a result that may need more bits than that is converted back at once, modulo its width.

#ifndef SEER_AP_INT_H
#define SEER_AP_INT_H

#include <type_traits>

namespace seer_ap {

__extension__ typedef unsigned __int128 u128;
__extension__ typedef __int128 s128;

constexpr int at_most_128(int width) { return width < 128 ? width : 128; }

template <int W, bool Signed> class base {
    static_assert(W >= 1 && W <= 128, "widths of 1 to 128 bits");
    u128 bits;

    static u128 low(u128 x) { return W == 128 ? x : x & (((u128)1 << (W % 128)) - 1); }
    static constexpr u128 sign() { return (u128)1 << (W - 1); }

  public:
    base() : bits(0) {}
    explicit base(u128 x) : bits(low(x)) {}

    // The value in two's complement of 128 bits, or without a sign.
    u128 extended() const { return Signed && (bits & sign()) ? bits | ~low(~(u128)0) : bits; }
    bool negative() const { return Signed && (bits & sign()) != 0; }

    unsigned long long to_uint64() const { return (unsigned long long)extended(); }
    long long to_int64() const { return (long long)to_uint64(); }
    template <class T, class = typename std::enable_if<std::is_integral<T>::value>::type>
    explicit operator T() const {
        return (T)to_uint64();
    }
};

template <class T> u128 widened(T x) { return std::is_signed<T>::value ? (u128)(s128)x : (u128)x; }

} // namespace seer_ap

template <int W> struct ap_int;

#define SEER_AP_TYPE(NAME, SIGNED)                                                                           \
    template <int W> struct NAME : seer_ap::base<W, SIGNED> {                                                \
        NAME() {}                                                                                            \
        template <class T, class = typename std::enable_if<std::is_integral<T>::value>::type>                \
        NAME(T x) : seer_ap::base<W, SIGNED>(seer_ap::widened(x)) {}                                         \
        template <int V, bool S> NAME(const seer_ap::base<V, S> &x) : seer_ap::base<W, SIGNED>(x.extended()) {} \
    };
SEER_AP_TYPE(ap_int, true)
SEER_AP_TYPE(ap_uint, false)
#undef SEER_AP_TYPE

// Results grow as the vendor's do, so that code which needs a conversion back has to have it.
#define SEER_AP_OPERATOR(SYMBOL, WIDTH, SIGNED)                                                              \
    template <int W, bool S>                                                                                 \
    seer_ap::base<seer_ap::at_most_128(WIDTH), SIGNED> operator SYMBOL(const seer_ap::base<W, S> &a,         \
                                                                       const seer_ap::base<W, S> &b) {       \
        return seer_ap::base<seer_ap::at_most_128(WIDTH), SIGNED>(a.extended() SYMBOL b.extended());         \
    }
SEER_AP_OPERATOR(+, W + 1, S)
SEER_AP_OPERATOR(-, W + 1, true)
SEER_AP_OPERATOR(*, W + W, S)
SEER_AP_OPERATOR(&, W, S)
SEER_AP_OPERATOR(|, W, S)
SEER_AP_OPERATOR(^, W, S)
#undef SEER_AP_OPERATOR

template <int W, bool S> seer_ap::base<W, S> operator~(const seer_ap::base<W, S> &a) {
    return seer_ap::base<W, S>(~a.extended());
}

namespace seer_ap {
template <int W, bool S> u128 magnitude(const base<W, S> &a) { return a.negative() ? -a.extended() : a.extended(); }
} // namespace seer_ap

template <int W, bool S> seer_ap::base<W, S> operator/(const seer_ap::base<W, S> &a, const seer_ap::base<W, S> &b) {
    const seer_ap::u128 quotient = seer_ap::magnitude(a) / seer_ap::magnitude(b);
    return seer_ap::base<W, S>(a.negative() == b.negative() ? quotient : -quotient);
}

template <int W, bool S> seer_ap::base<W, S> operator%(const seer_ap::base<W, S> &a, const seer_ap::base<W, S> &b) {
    const seer_ap::u128 remainder = seer_ap::magnitude(a) % seer_ap::magnitude(b);
    return seer_ap::base<W, S>(a.negative() ? -remainder : remainder);
}

// The shifts keep the width of their left operand; amounts are non-negative.
template <int W, bool S> seer_ap::base<W, S> operator<<(const seer_ap::base<W, S> &a, int n) {
    return seer_ap::base<W, S>(n < 128 ? a.extended() << n : 0);
}

template <int W, bool S> seer_ap::base<W, S> operator>>(const seer_ap::base<W, S> &a, int n) {
    const seer_ap::u128 sign = a.negative() ? ~(seer_ap::u128)0 : 0;
    return seer_ap::base<W, S>(n == 0 ? a.extended() : n < 128 ? a.extended() >> n | sign << (128 - n) : sign);
}

template <int W, bool S> bool operator==(const seer_ap::base<W, S> &a, const seer_ap::base<W, S> &b) {
    return a.extended() == b.extended();
}

template <int W, bool S> bool operator!=(const seer_ap::base<W, S> &a, const seer_ap::base<W, S> &b) {
    return a.extended() != b.extended();
}

template <int W, bool S> bool operator<(const seer_ap::base<W, S> &a, const seer_ap::base<W, S> &b) {
    return a.negative() != b.negative() ? a.negative() : a.extended() < b.extended();
}

template <int W, bool S> bool operator<=(const seer_ap::base<W, S> &a, const seer_ap::base<W, S> &b) {
    return !(b < a);
}

#endif
