#include "backprop.h"

void soft_max(TYPE net_outputs[possible_outputs], TYPE activations[possible_outputs]) {
    int i;
    TYPE sum;
    sum = (TYPE) 0.0;

    for(i=0; i < possible_outputs; i++) {
        sum += exp(-activations[i]);
    }
    for(i=0; i < possible_outputs; i++) {
        net_outputs[i] = exp(-activations[i])/sum;
    }
}

void RELU(TYPE activations[nodes_per_layer], TYPE dactivations[nodes_per_layer], int size) {
    int i;
    for( i = 0; i < size; i++) {
        dactivations[i] = activations[i]*(1.0-activations[i]);
        activations[i] = 1.0/(1.0+exp(-activations[i]));
    }
}

void add_bias_to_activations(TYPE biases[], TYPE activations[nodes_per_layer], int size) {
    int i;
    for( i = 0; i < size; i++){
        activations[i] = activations[i] + biases[i];
    }
}

void matrix_vector_product(TYPE weights[], TYPE activations[], TYPE *input, int rows, int columns) {
    int i,j;
    for(j = 0; j < columns; j++) {
        activations[j] = (TYPE)0.0;
        for (i = 0; i < rows; i++){
            activations[j] += weights[j*rows + i] * input[i];
        }
    }
}

void take_difference(TYPE net_outputs[possible_outputs],
                     TYPE solutions[possible_outputs],
                     TYPE output_difference[possible_outputs],
                     TYPE dactivations[possible_outputs]) {
    int i;
    for( i = 0; i < possible_outputs; i++){
        output_difference[i] = (((net_outputs[i]) - solutions[i]) * -1.0) * dactivations[i];
    }
}

void update_weights(TYPE weights[], TYPE d_weights[], int count) {
    double norm = 0.0;
    int i;
    for (i = 0; i < count; i++) {
        weights[i] -= (d_weights[i] * learning_rate);
        norm += weights[i]*weights[i];
    }
    norm = sqrt(norm);
    for (i = 0; i < count; i++) weights[i] = (weights[i]/norm);
}

void backprop(TYPE weights1[input_dimension*nodes_per_layer],
                TYPE weights2[nodes_per_layer*possible_outputs],
                TYPE biases1[nodes_per_layer],
                TYPE biases2[possible_outputs],
                TYPE training_data[training_sets*input_dimension],
                TYPE training_targets[training_sets*possible_outputs]) {
    int i,j,k;
    //Forward and training structures
    TYPE activations1[nodes_per_layer];
    TYPE activations2[possible_outputs];
    TYPE dactivations1[nodes_per_layer];
    TYPE dactivations2[possible_outputs];
    TYPE net_outputs[possible_outputs];
    //Training structure
    TYPE output_difference[possible_outputs];
    TYPE delta_weights1[input_dimension*nodes_per_layer];
    TYPE delta_weights2[nodes_per_layer*possible_outputs];
    TYPE oracle_activations1[nodes_per_layer];

    for(i=0; i<training_sets; i++){
        for(j=0;j<nodes_per_layer;j++){
            activations1[j] = (TYPE)0.0;
            if(j<possible_outputs){
                activations2[j] = (TYPE)0.0;
            }
        }
        matrix_vector_product(weights1, activations1, &training_data[i*input_dimension], input_dimension, nodes_per_layer);
        add_bias_to_activations(biases1, activations1, nodes_per_layer);
        RELU(activations1, dactivations1, nodes_per_layer);
        matrix_vector_product(weights2, activations2, activations1, nodes_per_layer, possible_outputs);
        add_bias_to_activations(biases2, activations2, possible_outputs);
        RELU(activations2, dactivations2, possible_outputs);
        soft_max(net_outputs, activations2);
        take_difference(net_outputs, &training_targets[i*possible_outputs], output_difference, dactivations2);
        for(k=0;k<nodes_per_layer;k++) {
            oracle_activations1[k] = 0;
            for(j=0;j<possible_outputs;j++) {
                delta_weights2[j + k*possible_outputs] = activations1[k]*output_difference[j];
                oracle_activations1[k] += output_difference[j]*weights2[k*possible_outputs + j];
            }
            oracle_activations1[k] *= dactivations1[k];
        }
        for(j=0;j<nodes_per_layer;j++)
            for(k=0;k<input_dimension;k++)
                delta_weights1[j*input_dimension + k] = oracle_activations1[j]*training_data[i*input_dimension+k];
        update_weights(weights1, delta_weights1, input_dimension*nodes_per_layer);
        update_weights(weights2, delta_weights2, nodes_per_layer*possible_outputs);
    }
}
