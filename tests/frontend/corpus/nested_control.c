/* Loops in branches in loops in a switch, with jumps across all of them. */
int nested_control(signed char a[12], int n)
{
    int state = 0, count = 0, pos = 0;
    while (pos < 12) {
        signed char c = a[pos++];
        switch (state) {
        case 0:
            if (c < 0)
                continue;
            for (int i = 0; i < 4; i++) {
                if (((c >> i) & 1) == 0)
                    continue;
                count++;
                if (count == n)
                    break;
            }
            state = c & 1 ? 1 : 2;
            break;
        case 1:
            do {
                c -= 3;
                if (c == 40)
                    return count;
                if (c & 4)
                    break;
            } while (c > 0);
            state = 2;
            /* falls */
        case 2:
            if (c > 5) {
                while (c-- > 5)
                    if (c == n)
                        break;
                state = 0;
            } else if (c < -5)
                break;
            else
                state = 3;
            a[pos - 1] = c;
            break;
        default:
            if (pos > 8)
                return -count;
            state = 0;
            continue;
        }
        count += state;
    }
    return count * 10 + state;
}
