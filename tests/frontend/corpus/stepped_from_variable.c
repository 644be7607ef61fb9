/* A step larger than one from a lower bound that varies: j reaches odd and even values. */
void stepped_from_variable(int a[24])
{
    for (int i = 0; i < 4; i++)
        for (int j = i; j < 20; j += 2)
            a[j] = a[j] + (j < 19) * 3 + (i & 1);
}
