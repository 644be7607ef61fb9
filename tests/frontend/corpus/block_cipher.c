/* A small substitution cipher: file-scope tables, a key schedule in place, macros over fields of a struct. */
#include <stdint.h>
#include <string.h>
#define F(x) (((x) << 1) ^ ((((x) >> 7) & 1) * 0x1b))
typedef struct { uint8_t key[8], state[8], round; } context_t;
static const uint8_t sbox[16] = {0xc, 5, 6, 0xb, 9, 0, 0xa, 0xd, 3, 0xe, 0xf, 8, 4, 7, 1, 2};
static uint8_t substitute(uint8_t x) { return sbox[x >> 4] << 4 | sbox[x & 15]; }
static void mix(uint8_t *buf)
{
    register uint8_t i, a, b, e;
    for (i = 0; i < 8; i += 2) {
        a = buf[i];
        b = buf[i + 1];
        e = a ^ b;
        buf[i] ^= e ^ F((uint8_t)(a ^ b));
        buf[i + 1] ^= e ^ F(b);
    }
}
static void expand(context_t *ctx, uint8_t *rc)
{
    ctx->key[0] ^= substitute(ctx->key[5]) ^ *rc;
    *rc = F(*rc);
    for (int i = 1; i < 8; i++)
        ctx->key[i] ^= ctx->key[i - 1];
}
void block_cipher(context_t *ctx, const uint8_t key[8], uint8_t buf[8])
{
    uint8_t rcon = 1;
    memcpy(ctx->key, key, sizeof ctx->key);
    for (ctx->round = 0; ctx->round < 5; ctx->round++) {
        for (int i = 8; i--;)
            buf[i] = substitute(buf[i] ^ ctx->key[i]);
        mix(buf);
        uint8_t first = buf[0];
        for (int i = 0; i < 7; i++)
            buf[i] = buf[i + 1];
        buf[7] = first;
        expand(ctx, &rcon);
    }
    memcpy(ctx->state, buf, 8);
}
