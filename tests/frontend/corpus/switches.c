/* switch: fall-through, default anywhere, shared labels, ranges, declarations, nested, none that matches. */
enum op { ADD, SUB, MUL, NOP = 9 };
int switches(int a[16], signed char op[16], long wide)
{
    int acc = 1;
    for (int i = 0; i < 16; i++) {
        int t;
        switch (op[i]) {
            int shared;
        case ADD:
            acc += a[i];
            break;
        case SUB:
            shared = a[i];
            acc -= shared;
            /* falls */
        case MUL:
            shared = a[i] * 2;
            acc *= shared;
        default:
            acc ^= 0x55;
            if (acc & 4)
                break;
            acc++;
        case NOP:
        case 'x':
            t = acc;
            a[i] = t;
            break;
        case -128 ... -100:
            acc = -acc;
        }
        switch (a[i] & 3) {
        default:
            acc += 2;
            continue;
        case 1:
            switch (acc & 1) {
            case 0:
                acc++;
                break;
            case 1:
                acc += 10;
            }
            break;
        case 3: {
            int inner = acc >> 2;
            acc -= inner;
        }
        }
        a[i] ^= acc;
    }
    switch (wide) {
    case 0x100000000:
        return 1;
    case -1:
        return 2;
    }
    switch (acc)
    case 5:
        acc = 6;
    switch (acc) {
    }
    return acc;
}
