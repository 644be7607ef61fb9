void wide_words(unsigned __int128 a[4], _Bool f[4], signed char s[4], unsigned short h[4], double d[4]) {
  for (int i = 0; i < 4; i++) {
    a[i] = a[i] * 3 + (f[i] ? (unsigned __int128)h[i] << 70 : 1);
    if (a[i] > 1000) s[i]--; else s[i] = ~s[i];
    f[i] = s[i] & h[i];
    d[i] = (double)a[i];
  }
}
