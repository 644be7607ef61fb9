#include <string.h>
typedef unsigned char byte;
int char_text(char s[12], byte t[12], _Bool flags[4]) {
    static const char vowels[] = "aeiou";
    int count = 0;
    for (int i = 0; i < 12; i++) {
        char c = s[i];
        if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
        for (int k = 0; vowels[k]; k++) if (c == vowels[k]) count++;
        t[i] = c - '0' < 10u ? c - '0' : '\\';
        flags[i & 3] = s[i];
    }
    _Bool any = flags[0] | flags[1];
    return count * 2 + any + flags[2] * flags[3];
}
