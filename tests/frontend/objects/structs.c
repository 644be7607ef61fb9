typedef struct { int x, y, z; } point;
struct body { point p, v; short mass; float w[2]; };
static point add(point a, point b) { point r = {a.x + b.x, a.y + b.y, a.z + b.z}; return r; }
static point scale(point a, int k) { return (point){a.x * k, a.y * k, a.z * k}; }
static void step(struct body *b, int dt) { b->p = add(b->p, scale(b->v, dt)); b->w[1] += b->w[0]; }
int structs(struct body bodies[4], point grid[2][3], point *origin, int dt) {
    struct body first = bodies[0], empty = {.mass = 3, .p = {.y = 2}};
    for (int i = 0; i < 4; i++) {
        step(&bodies[i], dt);
        bodies[i].mass += empty.mass + first.p.x;
    }
    bodies[1] = bodies[2];
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 3; j++) {
            grid[i][j].x += grid[i][j].y;
            grid[i][j].z = origin->x + (*origin).y;
        }
    grid[1][2] = *origin;
    origin->z = empty.p.y;
    return add(grid[0][0], bodies[3].p).x + sizeof(struct body);
}
