/* A simulator of a few instructions of MIPS that sorts its data memory. */
#include <stdio.h>
#define R 0
#define ADDU 33
#define SUBU 35
#define MULT 24
#define MFLO 18
#define SLL 0
#define SRL 2
#define SLLV 4
#define SLT 42
#define SLTU 43
#define JR 8
#define J 2
#define JAL 3
#define ADDIU 9
#define ANDI 12
#define ORI 13
#define LUI 15
#define LW 35
#define SW 43
#define BEQ 4
#define BNE 5
#define BGEZ 1
#define SLTI 10
#define IADDR(x)	(((x)&0x000000ff)>>2)
#define DADDR(x)	(((x)&0x000000ff)>>2)

const unsigned int imem[16] = {
  0x24080000, // addiu t0, zero, 0
  0x24090040, // addiu t1, zero, 64
  0x8d0a0000, // lw t2, 0(t0)
  0x8d0b0004, // lw t3, 4(t0)
  0x016a602a, // slt t4, t3, t2
  0x11800002, // beq t4, zero, +2
  0xad0b0000, // sw t3, 0(t0)
  0xad0a0004, // sw t2, 4(t0)
  0x25080004, // addiu t0, t0, 4
  0x290c001c, // slti t4, t0, 28
  0x1580fff7, // bne t4, zero, -9
  0x03e00008, // jr ra
};
const int A[8] = { 22, 5, -9, 3, -17, 38, 0, 11 };
int dmem[64];
int reg[32];

int main ()
{
  long long hilo;
  int pc;
  unsigned int ins;
  int op, rs, rt, rd, shamt, funct;
  short address;
  int tgtadr;
  int Hi = 0, Lo = 0;
  int i, n_inst = 0;
  int main_result = 0;

  for (i = 0; i < 32; i++) reg[i] = 0;
  reg[29] = 0x7fffeffc;
  for (i = 0; i < 8; i++) dmem[i] = A[i];
  pc = 0x00400000;
  do
    {
      ins = imem[IADDR (pc) & 15];
      pc = pc + 4;
      op = ins >> 26;
      switch (op)
	{
	case R:
	  funct = ins & 0x3f;
	  shamt = (ins >> 6) & 0x1f;
	  rd = (ins >> 11) & 0x1f;
	  rt = (ins >> 16) & 0x1f;
	  rs = (ins >> 21) & 0x1f;
	  switch (funct)
	    {
	    case ADDU:
	      reg[rd] = reg[rs] + reg[rt];
	      break;
	    case SUBU:
	      reg[rd] = reg[rs] - reg[rt];
	      break;
	    case MULT:
	      hilo = (long long) reg[rs] * (long long) reg[rt];
	      Lo = hilo & 0x00000000ffffffffULL;
	      Hi = ((int) (hilo >> 32)) & 0xffffffffUL;
	      break;
	    case MFLO:
	      reg[rd] = Lo;
	      break;
	    case SLL:
	      reg[rd] = reg[rt] << shamt;
	      break;
	    case SRL:
	      reg[rd] = reg[rt] >> shamt;
	      break;
	    case SLLV:
	      reg[rd] = reg[rt] << (reg[rs] & 31);
	      break;
	    case SLT:
	      reg[rd] = reg[rs] < reg[rt];
	      break;
	    case SLTU:
	      reg[rd] = (unsigned int) reg[rs] < (unsigned int) reg[rt];
	      break;
	    case JR:
	      pc = reg[rs];
	      break;
	    default:
	      pc = 0;		// error
	      break;
	    }
	  break;
	case J:
	  tgtadr = ins & 0x3ffffff;
	  pc = tgtadr << 2;
	  break;
	case JAL:
	  tgtadr = ins & 0x3ffffff;
	  reg[31] = pc;
	  pc = tgtadr << 2;
	  break;
	default:
	  address = ins & 0xffff;
	  rt = (ins >> 16) & 0x1f;
	  rs = (ins >> 21) & 0x1f;
	  switch (op)
	    {
	    case ADDIU:
	      reg[rt] = reg[rs] + address;
	      break;
	    case ANDI:
	      reg[rt] = reg[rs] & (unsigned short) address;
	      break;
	    case ORI:
	      reg[rt] = reg[rs] | (unsigned short) address;
	      break;
	    case LW:
	      reg[rt] = dmem[DADDR (reg[rs] + address)];
	      break;
	    case SW:
	      dmem[DADDR (reg[rs] + address)] = reg[rt];
	      break;
	    case LUI:
	      reg[rt] = address << 16;
	      break;
	    case BEQ:
	      if (reg[rs] == reg[rt]) pc = pc - 4 + ((address << 2) + 4);
	      break;
	    case BNE:
	      if (reg[rs] != reg[rt]) pc = pc - 4 + ((address << 2) + 4);
	      break;
	    case BGEZ:
	      if (reg[rs] >= 0) pc = pc - 4 + (address << 2);
	      break;
	    case SLTI:
	      reg[rt] = reg[rs] < address;
	      break;
	    default:
	      pc = 0;		/* error */
	      break;
	    }
	  break;
	}
      reg[0] = 0;
      n_inst = n_inst + 1;
    }
  while (pc != 0);

  main_result += (n_inst == 90);
  for (i = 0; i < 8; i++) main_result += (dmem[i] == A[i]);
  printf ("%d\n", main_result);
  return main_result;
}
