/* Molecular dynamics on a grid of cells: structs of doubles with .x .y .z in three-dimensional arrays. */
#define TYPE double
#define BLOCK 2
#define DENSITY 3
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
typedef struct { TYPE x, y, z; } dvector_t;
typedef struct { int x, y, z; } ivector_t;
void grid_cells(int n_points[BLOCK][BLOCK], dvector_t force[BLOCK][BLOCK][DENSITY],
                dvector_t position[BLOCK][BLOCK][DENSITY])
{
    ivector_t b0, b1;
    dvector_t p, q;
    int p_idx, q_idx;
    TYPE dx, dy, dz, r2inv, r6inv, potential, f;
    for (b0.x = 0; b0.x < BLOCK; b0.x++)
        for (b0.y = 0; b0.y < BLOCK; b0.y++)
            n_points[b0.x][b0.y] &= 3;
loop_grid0_x:
    for (b0.x = 0; b0.x < BLOCK; b0.x++) {
    loop_grid0_y:
        for (b0.y = 0; b0.y < BLOCK; b0.y++) {
        loop_grid1_x:
            for (b1.x = MAX(0, b0.x - 1); b1.x < MIN(BLOCK, b0.x + 2); b1.x++) {
            loop_grid1_y:
                for (b1.y = MAX(0, b0.y - 1); b1.y < MIN(BLOCK, b0.y + 2); b1.y++) {
                    dvector_t *base_q = position[b1.x][b1.y];
                    int q_idx_range = n_points[b1.x][b1.y];
                loop_p:
                    for (p_idx = 0; p_idx < n_points[b0.x][b0.y]; p_idx++) {
                        p = position[b0.x][b0.y][p_idx];
                        TYPE sum_x = force[b0.x][b0.y][p_idx].x, sum_y = 0, sum_z = 0;
                    loop_q:
                        for (q_idx = 0; q_idx < q_idx_range; q_idx++) {
                            q = *(base_q + q_idx);
                            if (q.x != p.x || q.y != p.y || q.z != p.z) {
                                dx = p.x - q.x;
                                dy = p.y - q.y;
                                dz = p.z - q.z;
                                r2inv = 1.0 / (dx * dx + dy * dy + dz * dz);
                                r6inv = r2inv * r2inv * r2inv;
                                potential = r6inv * (1.5 * r6inv - 2.0);
                                f = r2inv * potential;
                                sum_x += f * dx;
                                sum_y += f * dy;
                                sum_z += f * dz;
                            }
                        }
                        force[b0.x][b0.y][p_idx].x = sum_x;
                        force[b0.x][b0.y][p_idx].y += sum_y;
                        force[b0.x][b0.y][p_idx].z -= sum_z;
                    }
                }
            }
        }
    }
}
