/* Huffman decoding, zig-zag order, and an 8-point transform, of a stream in a file-scope array. */
#include <stdio.h>
#define DCTSIZE2 64
#define RIGHT_SHIFT(x, n) ((x) >> (n))
#define DESCALE(x,n)  RIGHT_SHIFT((x) + (1 << ((n)-1)), n)
const int zigzag_index[64] = { 0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
  13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63 };
const int extend_mask[20] = { 0, -2, -4, -8, -16, -32, -64, -128, -256, -512 };
unsigned char JpegFileBuf[32];
unsigned char *CurHuffReadBuf_start;
static int read_position, current_byte, p_position;
int QuantBuff[DCTSIZE2];

int read_byte (void) { return JpegFileBuf[p_position < 32 ? p_position++ : 31]; }

int buf_getb (void)
{
  if (read_position < 0)
    {
      current_byte = read_byte ();
      read_position = 7;
    }
  return (current_byte >> read_position--) & 1;
}

int buf_getv (int n)
{
  int i, rv = 0;
  for (i = 0; i < n; i++) rv = (rv << 1) | buf_getb ();
  return rv;
}

int DecodeHuffman (const int Xhuff_maxcode[8], const int valptr[8])
{
  int code, l, p;
  code = buf_getb ();
  for (l = 1; code > Xhuff_maxcode[l]; l++)
    {
      if (l >= 6) break;
      code = (code << 1) + buf_getb ();
    }
  p = (valptr[l] + code) & 15;
  return p;
}

static const int maxcode[8] = { 0, -1, 2, 6, 14, 30, 62, 126 };
static const int pointers[8] = { 0, 0, 0, 1, 2, 3, 4, 5 };

void decode_block (void)
{
  int s, diff, k, r, n;
  int HuffBuff[DCTSIZE2];
  for (k = 0; k < DCTSIZE2; k++) HuffBuff[k] = 0;
  for (k = 0; k < DCTSIZE2;)
    {
      r = DecodeHuffman (maxcode, pointers);
      s = r & 0xf;
      n = (r >> 2) & 0xf;
      if (s)
	{
	  if ((k += n) >= DCTSIZE2) break;
	  diff = buf_getv (s > 8 ? 8 : s);
	  s--;
	  if ((diff & (1 << s)) == 0) diff |= extend_mask[s];
	  HuffBuff[k] = diff + (diff < 0);
	  k++;
	}
      else if (n == 15) k += 16;
      else break;
    }
  int *ptr = QuantBuff, i;
  for (i = 0; i < DCTSIZE2; i++) *ptr++ = HuffBuff[zigzag_index[i]];
  for (ptr = QuantBuff, i = 0; i < 8; i++, ptr += 8)
    {
      int a = ptr[0] + ptr[4], b = ptr[0] - ptr[4];
      ptr[0] = DESCALE (a * 181, 7);
      ptr[4] = DESCALE (b * 181, 7);
    }
}

void jpeg2bmp_main ()
{
  read_position = -1;
  current_byte = 0;
  p_position = 0;
  decode_block ();
}

int main ()
{
  int i, main_result = 0;
  for (i = 0; i < 32; i++) JpegFileBuf[i] = (i * 73 + 19) ^ (i << 3);
  jpeg2bmp_main ();
  for (i = 0; i < DCTSIZE2; i++) main_result += QuantBuff[i];
  printf ("%d\n", main_result);
  return 0;
}
