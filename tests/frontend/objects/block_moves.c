/* memcpy, memmove and memset of whole arrays, rows, parts, structs and scalars. */
#include <string.h>
#include <stdint.h>
typedef struct { uint16_t head; uint8_t body[6]; } packet_t;
int block_moves(int a[12], int b[3][4], packet_t q[3], char name[8], float f[4], int n)
{
    int saved[12], row[4], sum = 0;
    char text[8] = {'s', 'e', 'e', 'r'};
    packet_t scratch;
    memcpy(saved, a, sizeof(saved));
    memmove(&a[1], a, 11 * sizeof(int));
    memmove(a, a + 4, 4 * sizeof(a[0]));
    memset(b[1], 0xff, sizeof b[1]);
    memcpy(row, b[0], sizeof row);
    memcpy(b[0], b[2], sizeof(int) * 4);
    memcpy(&b[2][0], row, sizeof(row));
    memset(&scratch, 0, sizeof scratch);
    scratch.head = n;
    memcpy(scratch.body, q[1].body, 6);
    memset(q[1].body + 2, 7, 3);
    q[2] = scratch;
    memcpy(&q[0], &q[1], sizeof(packet_t));
    memcpy(name, text, 8);
    memset(f, 0, 2 * sizeof(float));
    memcpy(&f[2], &f[3], sizeof *f);
    memcpy(name + 4, "top", 4);
    for (int i = 0; i < 12; i++)
        sum += saved[i] * i;
    return sum;
}
