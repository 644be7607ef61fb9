/*
 * viterbi: the most likely path through a hidden Markov model, with probabilities as negative logarithms.
 *
 * Written for seer from the algorithm (Viterbi 1967), at MachSuite's size and type: 64 states, 140 observations.
 */

#include <stdint.h>

#define STATES 64
#define TOKENS 64
#define STEPS 140

void viterbi(const uint8_t obs[STEPS], const double init[STATES], const double transition[STATES * STATES],
             const double emission[STATES * TOKENS], uint8_t path[STEPS])
{
    double likelihood[STEPS][STATES];
start:
    for (int s = 0; s < STATES; s++) {
        likelihood[0][s] = init[s] + emission[s * TOKENS + obs[0]];
    }
steps:
    for (int t = 1; t < STEPS; t++) {
    current:
        for (int now = 0; now < STATES; now++) {
            double least = likelihood[t - 1][0] + transition[now] + emission[now * TOKENS + obs[t]];
        previous:
            for (int before = 1; before < STATES; before++) {
                double p = likelihood[t - 1][before] + transition[before * STATES + now]
                         + emission[now * TOKENS + obs[t]];
                if (p < least) {
                    least = p;
                }
            }
            likelihood[t][now] = least;
        }
    }
    uint8_t best = 0;
    double least = likelihood[STEPS - 1][0];
end:
    for (int s = 1; s < STATES; s++) {
        double p = likelihood[STEPS - 1][s];
        if (p < least) {
            least = p;
            best = s;
        }
    }
    path[STEPS - 1] = best;
back:
    for (int t = STEPS - 2; t >= 0; t--) {
        uint8_t state = 0;
        double lowest = likelihood[t][0] + transition[path[t + 1]];
    origin:
        for (int s = 1; s < STATES; s++) {
            double p = likelihood[t][s] + transition[s * STATES + path[t + 1]];
            if (p < lowest) {
                lowest = p;
                state = s;
            }
        }
        path[t] = state;
    }
}
