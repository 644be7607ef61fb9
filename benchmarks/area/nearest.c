/* The nearest of points in a plane, by squared distance. */
int nearest(const float x[32], const float y[32], float px, float py)
{
    int best = 0;
    float least = 1e30f;
    for (int i = 0; i < 32; i++) {
        float dx = x[i] - px, dy = y[i] - py;
        float distance = dx * dx + dy * dy;
        if (distance < least) {
            least = distance;
            best = i;
        }
    }
    return best;
}
