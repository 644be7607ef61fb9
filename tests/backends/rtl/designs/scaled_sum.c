// Single precision, pipelined.
void scaled_sum(float a, const float x[128], float y[128]) {
    axpy: for (int i = 0; i < 128; i++)
        y[i] = a * x[i] + y[i];
}
