// Structs and file-scope variables that hold integers of 128 bits.
struct pair { unsigned __int128 low; __int128 high[2]; short tag; };
__int128 total;

__int128 wide_members(struct pair p[2], struct pair *q, __int128 x)
{
    for (int i = 0; i < 2; i++) {
        p[i].high[i] += q->high[1 - i] * x;
        p[i].low = p[i].low >> (p[i].tag & 127);
        total -= p[i].high[0];
    }
    q->low ^= x;
    return total;
}
