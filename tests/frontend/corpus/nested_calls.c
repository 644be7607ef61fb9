// A call among the arguments of the same function is no recursion.
static int greater(int a, int b) { return a > b ? a : b; }
static float half(float x) { x *= 0.5f; return x; }

int nested_calls(int a[4], float f[2])
{
    f[0] = half(half(f[0]) + half(f[1]));
    return greater(greater(a[0], a[1]), greater(a[2], greater(a[3], greater(1, a[0] + a[1]))));
}
