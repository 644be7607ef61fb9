/* Enumerations as arguments, in arrays, negative, counted and in a switch. */
typedef enum { IDLE = -1, START, READ = START + 3, WRITE, STOP } phase_t;
enum { COUNT = STOP + 4 };
enum color { RED = 1u << 0, GREEN = 1u << 1, BLUE = 1u << 2, ALL = RED | GREEN | BLUE };
static phase_t next(phase_t phase, int event)
{
    switch (phase) {
    case IDLE:
        return event > 0 ? START : IDLE;
    case START:
        return READ;
    case READ:
        return event & 1 ? WRITE : STOP;
    default:
        return phase == STOP ? IDLE : (phase_t)(phase + 1);
    }
}
phase_t enums(phase_t phase, int events[COUNT], enum color paint[COUNT], unsigned char seen[3])
{
    for (enum { FIRST, SECOND = 2 } which = FIRST; which <= SECOND; which++)
        seen[which] = which + READ;
    for (int i = 0; i < COUNT; i++) {
        phase = next(phase, events[i]);
        events[i] = phase;
        paint[i] = (enum color)((paint[i] | GREEN) & ALL & ~(unsigned)(phase == WRITE ? RED : 0));
    }
    return phase;
}
