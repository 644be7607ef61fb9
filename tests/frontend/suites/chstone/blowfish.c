/* A Feistel cipher with key-dependent tables, in cipher feedback. */
#include <stdio.h>
#define BF_ROUNDS 16
#define BF_LONG unsigned long
#define BF_ENC(LL,R,S,P) \
	LL^=P; \
	LL^=((( S[ ((R>>24L)&0x0f)] + \
		S[0x10+((R>>16L)&0x0f)])^ \
		S[0x20+((R>> 8L)&0x0f)])+ \
		S[0x30+((R     )&0x0f)])&0xffffffff;
#define n2l(c,l)        (l =((unsigned long)(*((c)++)))<<24L, \
                         l|=((unsigned long)(*((c)++)))<<16L, \
                         l|=((unsigned long)(*((c)++)))<< 8L, \
                         l|=((unsigned long)(*((c)++))))
#define l2n(l,c)        (*((c)++)=(unsigned char)(((l)>>24L)&0xff), \
                         *((c)++)=(unsigned char)(((l)>>16L)&0xff), \
                         *((c)++)=(unsigned char)(((l)>> 8L)&0xff), \
                         *((c)++)=(unsigned char)(((l)     )&0xff))
#define KEYSIZE 24
#undef FF
BF_LONG key_P[BF_ROUNDS + 2];
BF_LONG key_S[4 * 16];
unsigned char in_key[KEYSIZE] = "abcdefghijklmnopqrstuvwx";
unsigned char out_key[KEYSIZE];
int num;

void BF_encrypt (BF_LONG * data)
{
  register BF_LONG l, r, *p, *s;
  p = key_P;
  s = &(key_S[0]);
  l = data[0];
  r = data[1];
  l ^= p[0];
  BF_ENC (r, l, s, p[1]);
  BF_ENC (l, r, s, p[2]);
  BF_ENC (r, l, s, p[3]);
  BF_ENC (l, r, s, p[4]);
  for (int i = 5; i < BF_ROUNDS; i += 2) { BF_ENC (r, l, s, p[i]); BF_ENC (l, r, s, p[i + 1]); }
  r ^= p[BF_ROUNDS + 1];
  data[1] = l & 0xffffffff;
  data[0] = r & 0xffffffff;
}

void BF_set_key (int len, unsigned char *data)
{
  int i;
  BF_LONG *p, ri, in[2];
  unsigned char *d, *end;
  for (i = 0; i < 64; i++) key_S[i] = (i * 2654435761UL) & 0xffffffff;
  for (i = 0; i < BF_ROUNDS + 2; i++) key_P[i] = (~i * 40503UL) & 0xffffffff;
  p = key_P;
  if (len > ((BF_ROUNDS + 2) * 4)) len = (BF_ROUNDS + 2) * 4;
  d = data;
  end = &(data[len]);
  for (i = 0; i < (BF_ROUNDS + 2); i++)
    {
      ri = *(d++);
      if (d >= end) d = data;
      ri <<= 8;
      ri |= *(d++);
      if (d >= end) d = data;
      p[i] ^= ri;
    }
  in[0] = 0L;
  in[1] = 0L;
  for (i = 0; i < (BF_ROUNDS + 2); i += 2)
    {
      BF_encrypt (in);
      p[i] = in[0];
      p[i + 1] = in[1];
    }
}

void BF_cfb64_encrypt (unsigned char *in, unsigned char *out, long length, unsigned char *ivec, int *num, int encrypt)
{
  register BF_LONG v0, v1, t;
  register int n;
  register long l;
  BF_LONG ti[2];
  unsigned char *iv, c, cc;
  n = *num;
  l = length;
  iv = (unsigned char *) ivec;
  while (l--)
    {
      if (n == 0)
	{
	  n2l (iv, v0);
	  ti[0] = v0;
	  n2l (iv, v1);
	  ti[1] = v1;
	  BF_encrypt ((unsigned long *) ti);
	  iv = (unsigned char *) ivec;
	  t = ti[0];
	  l2n (t, iv);
	  t = ti[1];
	  l2n (t, iv);
	  iv = (unsigned char *) ivec;
	}
      if (encrypt) { c = *(in++) ^ iv[n]; *(out++) = c; iv[n] = c; }
      else { cc = *(in++); c = iv[n]; iv[n] = cc; *(out++) = c ^ cc; }
      n = (n + 1) & 0x07;
    }
  v0 = v1 = ti[0] = ti[1] = t = c = cc = 0;
  *num = n;
}

int blowfish_main ()
{
  unsigned char ukey[8];
  unsigned char ivec[8];
  int i, check = 0;
  num = 0;
  for (i = 0; i < 8; i++) { ukey[i] = 0; ivec[i] = 0; }
  BF_set_key (8, ukey);
  BF_cfb64_encrypt (in_key, out_key, KEYSIZE, ivec, &num, 1);
  for (i = 0; i < KEYSIZE; i++) check += out_key[i];
  return check;
}

int main () { int r = blowfish_main (); printf ("%d\n", r); return r & 1; }
