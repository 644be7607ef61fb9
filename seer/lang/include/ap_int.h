// Arbitrary-precision integers ap_int<N> and ap_uint<N>, N from 1 to 128, with the widths, signs and
// conversions that the vendor's manual gives them (UG1399, "C++ Arbitrary Precision Integer Types"). seer
// reads kernels with this header, and runs the user's code and its own with it.
//
// An object holds its low N bits, zero-extended, in the least of 1, 2, 4, 8 and 16 bytes: what seer's files of
// recorded calls hold, too. Intermediate results may grow beyond 128 bits; of these only the low 128 are
// kept, which is enough to add, subtract, multiply, combine bits, shift left and narrow; anything else that is
// done to them does not compile. Bit positions outside an object end the program.
#ifndef SEER_AP_INT_H
#define SEER_AP_INT_H

#ifdef SEER_READS_AP_INT
#define SEER_AP_EXACT(WIDTH)
#else
#include <iosfwd>
#define SEER_AP_EXACT(WIDTH) static_assert((WIDTH) <= 128, "an intermediate result of more than 128 bits")
#endif

template <int W, bool S> struct ap_int_base;
template <int W> struct ap_int;
template <int W> struct ap_uint;
template <int W, bool S> struct ap_bit_ref;
template <int W, bool S> struct ap_range_ref;
template <int W, class A, class B> struct ap_concat_ref;

namespace seer_ap {

__extension__ typedef unsigned __int128 u128;
__extension__ typedef __int128 s128;

template <bool C, class T> struct only_if {};
template <class T> struct only_if<true, T> { typedef T type; };

constexpr int most(int a, int b) { return a > b ? a : b; }
constexpr int least(int a, int b) { return a < b ? a : b; }
constexpr int size(int width) { return width <= 8 ? 1 : width <= 16 ? 2 : width <= 32 ? 4 : width <= 64 ? 8 : 16; }

// What holds an object, and what one of up to 64 bits becomes where C needs one of its own types.
template <int SIZE, bool S> struct word { typedef unsigned __int128 held; typedef unsigned long long c; };
template <> struct word<16, true> { typedef unsigned __int128 held; typedef long long c; };
template <> struct word<8, true> { typedef unsigned long long held; typedef long long c; };
template <> struct word<8, false> { typedef unsigned long long held; typedef unsigned long long c; };
template <> struct word<4, true> { typedef unsigned held; typedef int c; };
template <> struct word<4, false> { typedef unsigned held; typedef unsigned c; };
template <> struct word<2, true> { typedef unsigned short held; typedef short c; };
template <> struct word<2, false> { typedef unsigned short held; typedef unsigned short c; };
template <> struct word<1, true> { typedef unsigned char held; typedef signed char c; };
template <> struct word<1, false> { typedef unsigned char held; typedef unsigned char c; };

template <int W, bool S> struct integer { typedef ap_int<W> type; };
template <int W> struct integer<W, false> { typedef ap_uint<W> type; };

// Width and sign of what operators take: KIND 2 is an ap type, 1 a C integer or one bit, 0 anything else.
template <int W, bool S, int KIND> struct sized {
    static constexpr int width = W, kind = KIND;
    static constexpr bool sign = S;
};
template <class T> struct promoted {
    template <class U> static decltype(+U()) attempt(int);
    template <class U> static void attempt(...);
    typedef decltype(attempt<T>(0)) type;
};
template <class T> struct is_enum { static constexpr bool value = __is_enum(T); };
template <class T, bool = is_enum<T>::value> struct operand : sized<0, false, 0> {};
template <class T> struct operand<T, true> : operand<typename promoted<T>::type> {};
template <> struct operand<bool, false> : sized<1, false, 1> {};
template <> struct operand<char, false> : sized<8, true, 1> {};
template <> struct operand<signed char, false> : sized<8, true, 1> {};
template <> struct operand<unsigned char, false> : sized<8, false, 1> {};
template <> struct operand<short, false> : sized<16, true, 1> {};
template <> struct operand<unsigned short, false> : sized<16, false, 1> {};
template <> struct operand<int, false> : sized<32, true, 1> {};
template <> struct operand<unsigned, false> : sized<32, false, 1> {};
template <> struct operand<long, false> : sized<64, true, 1> {};
template <> struct operand<unsigned long, false> : sized<64, false, 1> {};
template <> struct operand<long long, false> : sized<64, true, 1> {};
template <> struct operand<unsigned long long, false> : sized<64, false, 1> {};
template <int W> struct operand<ap_int<W>, false> : sized<W, true, 2> {};
template <int W> struct operand<ap_uint<W>, false> : sized<W, false, 2> {};
template <int W, bool S> struct operand<ap_int_base<W, S>, false> : sized<W, S, 2> {};
template <int W, bool S> struct operand<ap_range_ref<W, S>, false> : sized<W, false, 2> {};
template <int W, class A, class B> struct operand<ap_concat_ref<W, A, B>, false> : sized<W, false, 2> {};
template <int W, bool S> struct operand<ap_bit_ref<W, S>, false> : sized<1, false, 1> {};

template <class T> struct is_bit { static constexpr bool value = false; };
template <int W, bool S> struct is_bit<ap_bit_ref<W, S> > { static constexpr bool value = true; };

// What may stand on the left of an assignment: not a C integer in a concatenation.
template <class T> struct is_target { static constexpr bool value = operand<T>::kind == 2 || is_bit<T>::value; };
template <int W, class A, class B> struct is_target<ap_concat_ref<W, A, B> > {
    static constexpr bool value = is_target<A>::value && is_target<B>::value;
};

// The result types of operators on an A and a B, of which at least one is an ap type.
template <class A, class B, bool = (operand<A>::kind + operand<B>::kind >= 3 && operand<A>::kind && operand<B>::kind)>
struct pair {};
template <class A, class B> struct pair<A, B, true> {
    static constexpr int w = operand<A>::width, v = operand<B>::width;
    static constexpr bool s = operand<A>::sign, t = operand<B>::sign;
    static constexpr int common = most(w + (t && !s), v + (s && !t));
    typedef typename integer<common + 1, s || t>::type plus;
    typedef typename integer<common + 1, true>::type minus;
    typedef typename integer<w + v, s || t>::type times;
    typedef typename integer<w + t, s || t>::type quotient;
    typedef typename integer<least(w, v + (s && !t)), s>::type remainder;
    typedef typename integer<common, s || t>::type bits;
    typedef bool truth;
};
template <class A, class B, bool = operand<A>::kind == 2 && operand<B>::kind != 0> struct shift {};
template <class A, class B> struct shift<A, B, true> {
    typedef typename integer<operand<A>::width, operand<A>::sign>::type type;
};
template <class A, class B,
          bool = (operand<A>::kind == 2 || operand<B>::kind == 2 || is_bit<A>::value || is_bit<B>::value) &&
                 operand<A>::kind && operand<B>::kind>
struct joined {};
template <class A, class B> struct joined<A, B, true> {
    typedef ap_concat_ref<operand<A>::width + operand<B>::width, A, B> type;
};

// The value in two's complement of 128 bits, or without a sign.
template <class T> typename only_if<operand<T>::kind == 2, u128>::type wide(const T &x) { return x.extended(); }
template <class T> typename only_if<operand<T>::kind == 1, u128>::type wide(const T &x) {
    return is_bit<T>::value ? (u128)(bool)x : (u128)(s128)x;
}
// Bits in a concatenation: those that a range selects, else the width.
template <class T> int length(const T &) { return operand<T>::width; }
template <int W, bool S> int length(const ap_range_ref<W, S> &x) { return x.length(); }
template <int W, class A, class B> int length(const ap_concat_ref<W, A, B> &x) { return x.length(); }
template <class T> bool negative(const T &x) { return operand<T>::sign && (s128)wide(x) < 0; }
template <class T> u128 magnitude(const T &x) { return negative(x) ? -wide(x) : wide(x); }
constexpr u128 low(u128 x, int width) { return width >= 128 ? x : x & (((u128)1 << (width < 128 ? width : 0)) - 1); }
inline u128 left(u128 x, unsigned n) { return n < 128 ? x << n : 0; }
inline u128 right(u128 x, unsigned n, bool sign) {
    const u128 fill = sign ? ~(u128)0 : 0;
    return n == 0 ? x : n < 128 ? x >> n | fill << (128 - n) : fill;
}
// The digits of a number, the last one first.
inline int digits(u128 x, unsigned radix, char *to) {
    int n = 0;
    for (; x || n == 0; x /= radix)
        to[n++] = "0123456789abcdef"[(unsigned)(x % radix)];
    return n;
}
inline void check(bool holds) {
    if (!holds)
        __builtin_abort();
}
template <class A, class B> bool equal(const A &a, const B &b) {
    return negative(a) == negative(b) && wide(a) == wide(b);
}
template <class A, class B> bool less(const A &a, const B &b) {
    return negative(a) != negative(b) ? negative(a) : wide(a) < wide(b);
}
// A left shift; a negative amount shifts to the right.
template <class A, class B> u128 shifted(const A &a, const B &b, bool to_left) {
    const bool turned = negative(b);
    const unsigned n = (unsigned)(turned ? -wide(b) : wide(b));
    return to_left != turned ? left(wide(a), n) : right(wide(a), n, negative(a));
}

} // namespace seer_ap

template <int W, bool S> struct ap_int_base {
    typedef typename seer_ap::word<seer_ap::size(W), S>::held seer_held;
    typedef typename seer_ap::word<seer_ap::size(W), S>::c seer_c;
    seer_held seer_bits;

    static_assert(W >= 1, "at least one bit");
    ap_int_base() : seer_bits(0) {}
    template <class T, class = typename seer_ap::only_if<seer_ap::operand<T>::kind != 0, T>::type>
    ap_int_base(const T &x) : seer_bits((seer_held)seer_ap::low(seer_ap::wide(x), W)) {}
    ap_int_base(double x) : seer_bits((seer_held)seer_ap::low(
        x < 0 ? -(seer_ap::u128)-x : (seer_ap::u128)x, W)) {}
    ap_int_base(float x) : ap_int_base((double)x) {}
    // Digits as C writes them, of radix 2 to 16: "-12", "0x1f", "0b101".
    ap_int_base(const char *text, int radix) : seer_bits(0) {
        const bool minus = *text == '-';
        text += minus || *text == '+';
        if (text[0] == '0' && text[1] != 0 && (text[1] | 32) == (radix == 16 ? 'x' : radix == 2 ? 'b' : 0))
            text += 2;
        seer_ap::u128 value = 0;
        for (; *text; text++)
            value = value * (unsigned)radix + (unsigned)(*text <= '9' ? *text - '0' : (*text | 32) - 'a' + 10);
        seer_bits = (seer_held)seer_ap::low(minus ? -value : value, W);
    }
    explicit ap_int_base(const char *text)
        : ap_int_base(text, text[*text == '-'] != '0' ? 10 : (text[(*text == '-') + 1] | 32) == 'x' ? 16
                            : (text[(*text == '-') + 1] | 32) == 'b'                               ? 2
                                                                                                    : 10) {}

    seer_ap::u128 extended() const {
        const seer_ap::u128 x = seer_bits;
        return S && sign() ? x | ~seer_ap::low(~(seer_ap::u128)0, W) : x;
    }
    void seer_set(seer_ap::u128 x) { seer_bits = (seer_held)seer_ap::low(x, W); }

    operator seer_c() const { return (seer_c)extended(); }
    bool to_bool() const { SEER_AP_EXACT(W); return seer_bits != 0; }
    char to_char() const { return (char)extended(); }
    signed char to_schar() const { return (signed char)extended(); }
    unsigned char to_uchar() const { return (unsigned char)extended(); }
    short to_short() const { return (short)extended(); }
    unsigned short to_ushort() const { return (unsigned short)extended(); }
    int to_int() const { return (int)extended(); }
    unsigned to_uint() const { return (unsigned)extended(); }
    long to_long() const { return (long)extended(); }
    unsigned long to_ulong() const { return (unsigned long)extended(); }
    long long to_int64() const { return (long long)extended(); }
    unsigned long long to_uint64() const { return (unsigned long long)extended(); }
    double to_double() const {
        SEER_AP_EXACT(W);
        return sign() ? (double)(seer_ap::s128)extended() : (double)extended();
    }
    float to_float() const {
        SEER_AP_EXACT(W);
        return sign() ? (float)(seer_ap::s128)extended() : (float)extended();
    }

    int length() const { return W; }
    bool sign() const { return S && W <= 128 && get_bit(W - 1); }
    bool is_zero() const { SEER_AP_EXACT(W); return seer_bits == 0; }
    bool iszero() const { return is_zero(); }
    bool get_bit(int n) const {
        seer_ap::check(n >= 0 && n < W);
        return seer_ap::right(seer_bits, n, false) & 1;
    }
    bool test(int n) const { return get_bit(n); }
    void set_bit(int n, bool to) {
        SEER_AP_EXACT(W);
        seer_ap::check(n >= 0 && n < W);
        const seer_ap::u128 one = seer_ap::left(1, n);
        seer_set(to ? seer_bits | one : seer_bits & ~one);
    }
    void set(int n, bool to) { set_bit(n, to); }
    void set(int n) { set_bit(n, true); }
    void clear(int n) { set_bit(n, false); }
    void invert(int n) { set_bit(n, !get_bit(n)); }
    void b_not() { seer_set(~extended()); }
    ap_int_base &lrotate(int n) {
        seer_ap::check(n >= 0 && n < W);
        seer_set(seer_ap::left(seer_bits, n) | seer_ap::right(seer_bits, W - n, false));
        return *this;
    }
    ap_int_base &rrotate(int n) {
        seer_ap::check(n >= 0 && n < W);
        seer_set(seer_ap::right(seer_bits, n, false) | seer_ap::left(seer_bits, W - n));
        return *this;
    }
    ap_int_base &reverse() {
        seer_set(range(0, W - 1).extended());
        return *this;
    }
    bool and_reduce() const { SEER_AP_EXACT(W); return seer_bits == (seer_held)seer_ap::low(~(seer_ap::u128)0, W); }
    bool nand_reduce() const { return !and_reduce(); }
    bool or_reduce() const { SEER_AP_EXACT(W); return seer_bits != 0; }
    bool nor_reduce() const { return !or_reduce(); }
    bool xor_reduce() const {
        SEER_AP_EXACT(W);
        bool odd = false;
        for (int n = 0; n < W; n++)
            odd = odd != get_bit(n);
        return odd;
    }
    bool xnor_reduce() const { return !xor_reduce(); }
    int countLeadingZeros() const {
        SEER_AP_EXACT(W);
        int n = 0;
        while (n < W && !get_bit(W - 1 - n))
            n++;
        return n;
    }

    ap_bit_ref<W, S> operator[](int n) { return ap_bit_ref<W, S>(*this, n); }
    bool operator[](int n) const { return get_bit(n); }
    ap_bit_ref<W, S> bit(int n) { return ap_bit_ref<W, S>(*this, n); }
    bool bit(int n) const { return get_bit(n); }
    ap_range_ref<W, S> range(int hi, int lo) const { return ap_range_ref<W, S>(*this, hi, lo); }
    ap_range_ref<W, S> operator()(int hi, int lo) const { return ap_range_ref<W, S>(*this, hi, lo); }
    ap_range_ref<W, S> range() const { return ap_range_ref<W, S>(*this, W - 1, 0); }
    template <class T> typename seer_ap::joined<ap_int_base, T>::type concat(const T &x) const {
        return typename seer_ap::joined<ap_int_base, T>::type(*this, x);
    }

#define SEER_AP_COMPOUND(SYMBOL)                                                                             \
    template <class T>                                                                                       \
    typename seer_ap::only_if<seer_ap::operand<T>::kind != 0, ap_int_base &>::type operator SYMBOL##=(const T &x) { \
        return *this = ap_int_base(*this SYMBOL x);                                                          \
    }
    SEER_AP_COMPOUND(+)
    SEER_AP_COMPOUND(-)
    SEER_AP_COMPOUND(*)
    SEER_AP_COMPOUND(/)
    SEER_AP_COMPOUND(%)
    SEER_AP_COMPOUND(&)
    SEER_AP_COMPOUND(|)
    SEER_AP_COMPOUND(^)
    SEER_AP_COMPOUND(<<)
    SEER_AP_COMPOUND(>>)
#undef SEER_AP_COMPOUND
    ap_int_base &operator++() { return *this += 1; }
    ap_int_base &operator--() { return *this -= 1; }
    typename seer_ap::integer<W, S>::type operator++(int) {
        const typename seer_ap::integer<W, S>::type before(*this);
        ++*this;
        return before;
    }
    typename seer_ap::integer<W, S>::type operator--(int) {
        const typename seer_ap::integer<W, S>::type before(*this);
        --*this;
        return before;
    }

#ifndef SEER_READS_AP_INT
    // In a radix of 2 to 16, with a sign except in radix 2.
    template <class Text = std::string> Text to_string(int radix = 2) const {
        SEER_AP_EXACT(W);
        char text[129];
        const bool minus = sign() && radix != 2;
        int n = seer_ap::digits(minus ? -extended() : (seer_ap::u128)seer_bits, (unsigned)radix, text);
        Text result(minus ? 1 : 0, '-');
        while (n > 0)
            result += text[--n];
        return result;
    }
#endif
};

#define SEER_AP_TYPE(NAME, SIGNED)                                                                           \
    template <int W> struct NAME : ap_int_base<W, SIGNED> {                                                  \
        NAME() {}                                                                                            \
        template <class T, class = typename seer_ap::only_if<seer_ap::operand<T>::kind != 0, T>::type>       \
        NAME(const T &x) : ap_int_base<W, SIGNED>(x) {}                                                      \
        NAME(double x) : ap_int_base<W, SIGNED>(x) {}                                                        \
        NAME(float x) : ap_int_base<W, SIGNED>(x) {}                                                         \
        NAME(const char *text) : ap_int_base<W, SIGNED>(text) {}                                             \
        NAME(const char *text, int radix) : ap_int_base<W, SIGNED>(text, radix) {}                           \
    };
SEER_AP_TYPE(ap_int, true)
SEER_AP_TYPE(ap_uint, false)
#undef SEER_AP_TYPE

// What the parts of an object share with objects: they convert as unsigned numbers.
#define SEER_AP_PART(WIDTH)                                                                                  \
    operator unsigned long long() const { return (unsigned long long)extended(); }                           \
    int to_int() const { return (int)extended(); }                                                           \
    unsigned to_uint() const { return (unsigned)extended(); }                                                \
    long to_long() const { return (long)extended(); }                                                        \
    unsigned long to_ulong() const { return (unsigned long)extended(); }                                     \
    long long to_int64() const { return (long long)extended(); }                                             \
    unsigned long long to_uint64() const { return (unsigned long long)extended(); }

template <int W, bool S> struct ap_range_ref {
    ap_int_base<W, S> &seer_of;
    int seer_hi, seer_lo;

    ap_range_ref(const ap_int_base<W, S> &of, int hi, int lo)
        : seer_of(const_cast<ap_int_base<W, S> &>(of)), seer_hi(hi), seer_lo(lo) {
        seer_ap::check(hi >= 0 && hi < W && lo >= 0 && lo < W);
    }
    ap_range_ref(const ap_range_ref &) = default;
    int length() const { return seer_hi >= seer_lo ? seer_hi - seer_lo + 1 : seer_lo - seer_hi + 1; }
    // From lo to hi; where hi is the lower one, the bits in reverse order.
    seer_ap::u128 extended() const {
        SEER_AP_EXACT(W);
        if (seer_hi >= seer_lo)
            return seer_ap::low(seer_ap::right(seer_of.seer_bits, seer_lo, false), length());
        seer_ap::u128 x = 0;
        for (int n = 0; n < length(); n++)
            x |= seer_ap::left(seer_of.get_bit(seer_lo - n), n);
        return x;
    }
    void seer_set(seer_ap::u128 x) {
        SEER_AP_EXACT(W);
        const int step = seer_hi >= seer_lo ? 1 : -1;
        for (int n = 0; n < length(); n++)
            seer_of.set_bit(seer_lo + n * step, seer_ap::right(x, n, false) & 1);
    }
    ap_range_ref &operator=(const ap_range_ref &x) {
        seer_set(x.extended());
        return *this;
    }
    template <class T>
    typename seer_ap::only_if<seer_ap::operand<T>::kind != 0, ap_range_ref &>::type operator=(const T &x) {
        seer_set(seer_ap::wide(x));
        return *this;
    }
    SEER_AP_PART(W)
    bool and_reduce() const { return extended() == seer_ap::low(~(seer_ap::u128)0, length()); }
    bool nand_reduce() const { return !and_reduce(); }
    bool or_reduce() const { return extended() != 0; }
    bool nor_reduce() const { return !or_reduce(); }
    bool xor_reduce() const { return ap_uint<W>(*this).xor_reduce(); }
    bool xnor_reduce() const { return !xor_reduce(); }
};

template <int W, bool S> struct ap_bit_ref {
    ap_int_base<W, S> &seer_of;
    int seer_n;

    ap_bit_ref(ap_int_base<W, S> &of, int n) : seer_of(of), seer_n(n) { seer_ap::check(n >= 0 && n < W); }
    ap_bit_ref(const ap_bit_ref &) = default;
    operator bool() const { return seer_of.get_bit(seer_n); }
    bool to_bool() const { return seer_of.get_bit(seer_n); }
    bool operator~() const { return !seer_of.get_bit(seer_n); }
    int length() const { return 1; }
    void seer_set(seer_ap::u128 x) { seer_of.set_bit(seer_n, x & 1); }
    ap_bit_ref &operator=(const ap_bit_ref &x) {
        seer_of.set_bit(seer_n, (bool)x);
        return *this;
    }
    // Any number but 0 sets the bit.
    template <class T>
    typename seer_ap::only_if<seer_ap::operand<T>::kind != 0, ap_bit_ref &>::type operator=(const T &x) {
        SEER_AP_EXACT(seer_ap::operand<T>::width);
        seer_of.set_bit(seer_n, seer_ap::wide(x) != 0);
        return *this;
    }
};

template <int W, class A, class B> struct ap_concat_ref {
    const A &seer_high;
    const B &seer_low;

    ap_concat_ref(const A &high, const B &low) : seer_high(high), seer_low(low) {}
    ap_concat_ref(const ap_concat_ref &) = default;
    int length() const { return seer_ap::length(seer_high) + seer_ap::length(seer_low); }
    seer_ap::u128 extended() const {
        const int width = seer_ap::length(seer_low);
        return seer_ap::low(seer_ap::left(seer_ap::wide(seer_high), width) |
                                seer_ap::low(seer_ap::wide(seer_low), width),
                            length());
    }
    void seer_set(seer_ap::u128 x) {
        SEER_AP_EXACT(W);
        const int width = seer_ap::length(seer_low);
        const_cast<A &>(seer_high).seer_set(seer_ap::right(x, width, false));
        const_cast<B &>(seer_low).seer_set(seer_ap::low(x, width));
    }
    ap_concat_ref &operator=(const ap_concat_ref &x) {
        seer_set(x.extended());
        return *this;
    }
    template <class T>
    typename seer_ap::only_if<seer_ap::operand<T>::kind != 0 && seer_ap::is_target<ap_concat_ref>::value,
                              ap_concat_ref &>::type
    operator=(const T &x) {
        seer_set(seer_ap::wide(x));
        return *this;
    }
    SEER_AP_PART(W)
};
#undef SEER_AP_PART

#define SEER_AP_BINARY(SYMBOL, TYPE, VALUE, EXACT)                                                           \
    template <class A, class B>                                                                              \
    typename seer_ap::pair<A, B>::TYPE operator SYMBOL(const A &a, const B &b) {                             \
        EXACT;                                                                                               \
        typename seer_ap::pair<A, B>::TYPE result;                                                           \
        result.seer_set(VALUE);                                                                              \
        return result;                                                                                       \
    }
#define SEER_AP_BOTH SEER_AP_EXACT(seer_ap::operand<A>::width); SEER_AP_EXACT(seer_ap::operand<B>::width)
SEER_AP_BINARY(+, plus, seer_ap::wide(a) + seer_ap::wide(b), )
SEER_AP_BINARY(-, minus, seer_ap::wide(a) - seer_ap::wide(b), )
SEER_AP_BINARY(*, times, seer_ap::wide(a) * seer_ap::wide(b), )
SEER_AP_BINARY(&, bits, seer_ap::wide(a) & seer_ap::wide(b), )
SEER_AP_BINARY(|, bits, seer_ap::wide(a) | seer_ap::wide(b), )
SEER_AP_BINARY(^, bits, seer_ap::wide(a) ^ seer_ap::wide(b), )
SEER_AP_BINARY(/, quotient,
               seer_ap::negative(a) == seer_ap::negative(b) ? seer_ap::magnitude(a) / seer_ap::magnitude(b)
                                                            : -(seer_ap::magnitude(a) / seer_ap::magnitude(b)),
               SEER_AP_BOTH)
SEER_AP_BINARY(%, remainder,
               seer_ap::negative(a) ? -(seer_ap::magnitude(a) % seer_ap::magnitude(b))
                                    : seer_ap::magnitude(a) % seer_ap::magnitude(b),
               SEER_AP_BOTH)
#undef SEER_AP_BINARY

#define SEER_AP_COMPARISON(SYMBOL, VALUE)                                                                    \
    template <class A, class B> typename seer_ap::pair<A, B>::truth operator SYMBOL(const A &a, const B &b) { \
        SEER_AP_BOTH;                                                                                        \
        return VALUE;                                                                                        \
    }
SEER_AP_COMPARISON(==, seer_ap::equal(a, b))
SEER_AP_COMPARISON(!=, !seer_ap::equal(a, b))
SEER_AP_COMPARISON(<, seer_ap::less(a, b))
SEER_AP_COMPARISON(>, seer_ap::less(b, a))
SEER_AP_COMPARISON(<=, !seer_ap::less(b, a))
SEER_AP_COMPARISON(>=, !seer_ap::less(a, b))
#undef SEER_AP_COMPARISON
#undef SEER_AP_BOTH

// Shifts keep the type of their left side; by a negative amount they go the other way.
template <class A, class B> typename seer_ap::shift<A, B>::type operator<<(const A &a, const B &b) {
    typename seer_ap::shift<A, B>::type result;
    result.seer_set(seer_ap::shifted(a, b, true));
    return result;
}
template <class A, class B> typename seer_ap::shift<A, B>::type operator>>(const A &a, const B &b) {
    SEER_AP_EXACT(seer_ap::operand<A>::width);
    typename seer_ap::shift<A, B>::type result;
    result.seer_set(seer_ap::shifted(a, b, false));
    return result;
}
template <class A, class B> typename seer_ap::joined<A, B>::type operator,(const A &a, const B &b) {
    return typename seer_ap::joined<A, B>::type(a, b);
}

template <class A> typename seer_ap::shift<A, int>::type operator+(const A &a) { return a; }
template <class A> typename seer_ap::pair<ap_uint<1>, A>::minus operator-(const A &a) { return ap_uint<1>(0) - a; }
template <class A> typename seer_ap::shift<A, int>::type operator~(const A &a) {
    typename seer_ap::shift<A, int>::type result;
    result.seer_set(~seer_ap::wide(a));
    return result;
}
template <class A> typename seer_ap::pair<A, A>::truth operator!(const A &a) {
    SEER_AP_EXACT(seer_ap::operand<A>::width);
    return seer_ap::wide(a) == 0;
}

#ifndef SEER_READS_AP_INT
template <class C, class Traits, class A>
typename seer_ap::only_if<seer_ap::operand<A>::kind == 2, std::basic_ostream<C, Traits> &>::type
operator<<(std::basic_ostream<C, Traits> &out, const A &a) {
    SEER_AP_EXACT(seer_ap::operand<A>::width);
    char text[129];
    if (seer_ap::negative(a))
        out << '-';
    for (int n = seer_ap::digits(seer_ap::magnitude(a), 10, text); n > 0;)
        out << text[--n];
    return out;
}
#endif
#endif
