/* Beats of transfers that open and close at every lane, in this beat or in others, under several strobes. */
#include <stdio.h>

unsigned char byte_enable_calc(unsigned char first, unsigned char last, unsigned char strobe, unsigned char carry[1],
                               unsigned char count[2]);

int main(void)
{
    unsigned char carry[1] = {0}, count[2] = {0, 0};
    unsigned sum = 0;
    for (int first = 0; first < 10; first++) {
        for (int last = 0; last < 10; last += 3) {
            carry[0] = (first + last) % 5 == 0;
            sum = sum * 3 + byte_enable_calc(first, last, (unsigned char)(37 * first + 11 * last), carry, count);
        }
    }
    printf("%u %u %u\n", sum, count[0], count[1]);
    return 0;
}
