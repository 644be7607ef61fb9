// A local array in block memory, written along rows and read along columns; another in LUT RAM.
void transpose(const int in[1024], int out[1024]) {
    int buffer[32][32];
    int total[32];
    fill: for (int r = 0; r < 32; r++) {
        int sum = 0;
        row: for (int c = 0; c < 32; c++) {
            buffer[r][c] = in[r * 32 + c];
            sum += in[r * 32 + c];
        }
        total[r] = sum;
    }
    drain: for (int c = 0; c < 32; c++)
        column: for (int r = 0; r < 32; r++)
            out[c * 32 + r] = buffer[r][c] + (total[r] ^ total[c]);
}
