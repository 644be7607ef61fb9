/* y = a x + y, and the greatest of the sums. */
float saxpy(float a, float x[64], float y[64])
{
    float greatest = 0.0f;
    for (int i = 0; i < 64; i++) {
        float sum = a * x[i] + y[i];
        y[i] = sum;
        greatest = sum > greatest ? sum : greatest;
    }
    return greatest;
}
