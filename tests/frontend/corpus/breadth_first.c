/* Breadth first search over a graph in arrays of structs, until a horizon is empty. */
#include <stdint.h>
#define NODES 12
#define EDGES 24
#define LEVELS 6
#define UNSEEN 127
typedef uint16_t edge_index_t;
typedef struct edge_t_struct { uint16_t dst; } edge_t;
typedef struct node_t_struct { edge_index_t edge_begin, edge_end; } node_t;
void breadth_first(node_t nodes[NODES], edge_t edges[EDGES], uint16_t start, int8_t level[NODES],
                   edge_index_t level_counts[LEVELS])
{
    for (int n = 0; n < NODES; n++) {
        nodes[n].edge_begin = n * 2;
        nodes[n].edge_end = n * 2 + 2;
        level[n] = UNSEEN;
    }
    level[start % NODES] = 0;
    level_counts[0] = 1;
loop_horizons:
    for (int horizon = 0; horizon < LEVELS - 1; horizon++) {
        edge_index_t cnt = 0;
    loop_nodes:
        for (uint16_t n = 0; n < NODES; n++) {
            if (level[n] == horizon) {
                edge_index_t tmp_begin = nodes[n].edge_begin, tmp_end = nodes[n].edge_end;
            loop_neighbors:
                for (edge_index_t e = tmp_begin; e < tmp_end; e++) {
                    uint16_t tmp_dst = edges[e].dst % NODES;
                    if (level[tmp_dst] == UNSEEN) {
                        level[tmp_dst] = horizon + 1;
                        ++cnt;
                    }
                }
            }
        }
        if ((level_counts[horizon + 1] = cnt) == 0)
            break;
    }
}
