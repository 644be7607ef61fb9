/* Callees that return from loops and switches, have local arrays and structs, and are called in conditions. */
typedef struct { int at; _Bool found; } hit_t;
static hit_t search(const int *data, int n, int key)
{
    hit_t none = {-1, 0};
    for (int i = 0; i < n; i++) {
        if (data[i] == key)
            return (hit_t){i, 1};
        if (data[i] > 1000)
            break;
    }
    return none;
}
static int classify(int x)
{
    switch (x & 7) {
    case 0:
        return -1;
    case 1:
    case 2:
        if (x > 50)
            return 5;
        break;
    case 3:
        x++;
    default:
        return x * 2;
    }
    return x;
}
static int median(const int a[3])
{
    int s[3] = {a[0], a[1], a[2]};
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2 - i; j++)
            if (s[j] > s[j + 1]) {
                int t = s[j];
                s[j] = s[j + 1], s[j + 1] = t;
            }
    return s[1];
}
static void clear(int *x) { if (*x < 0) return; *x = 0; }
int early_callees(int a[9], int key, unsigned short seed)
{
    int total = 0;
    while (classify(seed) > 0 && total < 20)
        total++, seed = seed * 5 + 1;
    hit_t h = search(a, 9, key), g = search(a + 2, 4, key + 1);
    if (h.found && !(g.found && classify(g.at) < 3))
        total += h.at * 10;
    else
        clear(&a[seed % 9]);
    for (int i = 0; i < 7; i++)
        a[i] = median(&a[i]) + (search(&a[1], 3, i).found ? classify(median(a)) : i);
    return total + search(a, 9, classify(key)).at;
}
