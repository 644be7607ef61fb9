/* A processor of few instructions: fetch, decode by nested switches, registers and memory in local arrays. */
#include <stdint.h>
#define R 0
#define ADDU 33
#define SLL 0
#define SLT 42
#define J 2
#define BNE 5
#define ADDIU 9
#define LW 35
#define SW 43
#define IADDR(x) (((x)&0x000000ff) >> 2)
int processor(const unsigned imem[16], int dmem[8], int out[32])
{
    int reg[32], pc = 0, n_inst = 0;
    for (int i = 0; i < 32; i++)
        reg[i] = 0;
    reg[29] = 0x7fffeffc;
    do {
        unsigned ins = imem[IADDR(pc) & 15];
        pc = pc + 4;
        unsigned char op = (ins >> 26) & 63;
        int rs = (ins >> 21) & 31, rt = (ins >> 16) & 31;
        short address = ins & 0xffff;
        switch (op & 3 ? op : 0) {
        case R: {
            int funct = ins & 0x3f, shamt = (ins >> 6) & 0x1f, rd = (ins >> 11) & 0x1f;
            switch (funct) {
            case ADDU:
                reg[rd] = reg[rs] + reg[rt];
                break;
            case SLT:
                reg[rd] = reg[rs] < reg[rt];
                break;
            case SLL:
            default:
                reg[rd] = (int)((unsigned)reg[rt] << shamt);
            }
        } break;
        case J:
            pc = (ins & 15) << 2;
            break;
        case ADDIU:
            reg[rt] = reg[rs] + address;
            break;
        case LW:
            reg[rt] = dmem[(reg[rs] + address) & 7];
            break;
        case SW:
            dmem[(reg[rs] + address) & 7] = reg[rt];
            break;
        case BNE:
            if (reg[rs] != reg[rt])
                pc = pc + (address << 2);
            break;
        default:
            reg[rs] ^= (uint16_t)address;
            if (op == 63)
                pc = 0;
        }
        reg[0] = 0;
        n_inst++;
    } while (pc != 0 && n_inst < 40);
    for (int i = 0; i < 32; i++)
        out[i] = reg[i];
    return n_inst;
}
