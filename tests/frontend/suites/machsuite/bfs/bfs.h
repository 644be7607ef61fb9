#include <stdlib.h>
#include <inttypes.h>
#include <stdio.h>
#include "support.h"
#define SCALE 4LL
#define N_NODES (1LL<<SCALE)
#define N_EDGES (SCALE*N_NODES)
#define N_LEVELS 10
typedef uint64_t edge_index_t;
typedef uint64_t node_index_t;
typedef struct edge_t_struct {
  // The node it starts at is the one whose range it is in.
  node_index_t dst;
} edge_t;
typedef struct node_t_struct {
  edge_index_t edge_begin;
  edge_index_t edge_end;
} node_t;
typedef int8_t level_t;
#define MAX_LEVEL INT8_MAX
void bfs(node_t nodes[N_NODES], edge_t edges[N_EDGES], node_index_t starting_node, level_t level[N_NODES],
         edge_index_t level_counts[N_LEVELS]);
void bfs_queue(node_t nodes[N_NODES], edge_t edges[N_EDGES], node_index_t starting_node, level_t level[N_NODES],
         edge_index_t level_counts[N_LEVELS]);
struct bench_args_t {
  node_t nodes[N_NODES];
  edge_t edges[N_EDGES];
  node_index_t starting_node;
  level_t level[N_NODES];
  edge_index_t level_counts[N_LEVELS];
};
