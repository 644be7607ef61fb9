/* Samples as floats between their least and greatest value. */
void levels(short samples[32], float scaled[32], float step)
{
    int least = samples[0], greatest = samples[0];
    for (int i = 1; i < 32; i++) {
        if (samples[i] < least)
            least = samples[i];
        if (samples[i] > greatest)
            greatest = samples[i];
    }
    for (int i = 0; i < 32; i++)
        scaled[i] = (float)(samples[i] - least) * step;
    scaled[0] = (float)(greatest - least);
}
