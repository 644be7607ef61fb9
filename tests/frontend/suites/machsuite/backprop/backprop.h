#include <stdio.h>
#include <stdlib.h>
#include <math.h>
#include "support.h"
#define input_dimension  3
#define possible_outputs  2
#define training_sets   4
#define nodes_per_layer  5
#define learning_rate  0.01
#define test_sets 15
#define norm_param 0.005
#define TYPE double
void backprop(
    TYPE weights1[input_dimension*nodes_per_layer],
    TYPE weights2[nodes_per_layer*possible_outputs],
    TYPE biases1[nodes_per_layer],
    TYPE biases2[possible_outputs],
    TYPE training_data[training_sets*input_dimension],
    TYPE training_targets[training_sets*possible_outputs]);
struct bench_args_t {
  TYPE weights1[input_dimension*nodes_per_layer];
  TYPE weights2[nodes_per_layer*possible_outputs];
  TYPE biases1[nodes_per_layer];
  TYPE biases2[possible_outputs];
  TYPE training_data[training_sets*input_dimension];
  TYPE training_targets[training_sets*possible_outputs];
};
