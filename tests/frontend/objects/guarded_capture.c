// A load that is evaluated only under a condition, kept in a variable because its array is written before
// the last use: the emitted code must not load where C does not.
struct place { int w; short z[2]; };

int guarded_capture(int a[2], struct place s[1])
{
    int v = 0;
    switch ((s[0].w >= 0 && s[0].w < 2 && a[s[0].w]) & 7) {
    case 2: {
        int *p = &a[1];
        p += 1;
        for (int i = 0; i < 1; i++)
            *--p = 1;
    }
    case 4:
        v = 1;
    case 1:
        v += 2;
    case 3:;
    }
    return v + (s[0].w >= 0 && s[0].w < 2 && a[s[0].w]);
}
