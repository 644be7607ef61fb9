/* Enough for clang to read a file that uses them; seer refuses them where they are used. */
#ifndef SEER_AP_INT_H
#define SEER_AP_INT_H
template <int W, bool S> struct seer_ap_base {
    seer_ap_base(long long = 0);
    operator long long() const;
    seer_ap_base &operator+=(long long);
    seer_ap_base &operator-=(long long);
    seer_ap_base &operator*=(long long);
    seer_ap_base &operator/=(long long);
    seer_ap_base &operator%=(long long);
    seer_ap_base &operator&=(long long);
    seer_ap_base &operator|=(long long);
    seer_ap_base &operator^=(long long);
    seer_ap_base &operator<<=(int);
    seer_ap_base &operator>>=(int);
    seer_ap_base &operator++();
    seer_ap_base &operator--();
    long long operator++(int);
    long long operator--(int);
    bool operator[](int) const;
    long long range(int, int) const;
    long long operator()(int, int) const;
    int to_int() const;
    unsigned to_uint() const;
    long long to_int64() const;
    unsigned long long to_uint64() const;
};
template <int W> struct ap_int : seer_ap_base<W, true> {
    using seer_ap_base<W, true>::seer_ap_base;
};
template <int W> struct ap_uint : seer_ap_base<W, false> {
    using seer_ap_base<W, false>::seer_ap_base;
};
#endif
