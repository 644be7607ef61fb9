/* Logistic regression by stochastic gradient descent. */
#include <cmath>
const int NUM_FEATURES = 16;
const int NUM_TRAINING = 3;
const int NUM_EPOCHS = 2;
#define STEP_SIZE 60
const int PAR_FACTOR = 4;
typedef float FeatureType;
typedef float DataType;
typedef unsigned char LabelType;

FeatureType dotProduct(FeatureType param[NUM_FEATURES], DataType feature[NUM_FEATURES])
{
  #pragma HLS INLINE
  FeatureType result = 0;
  DOT: for (int i = 0; i < NUM_FEATURES / PAR_FACTOR; i++)
  {
    #pragma HLS PIPELINE II=1
    DOT_INNER: for(int j = 0; j < PAR_FACTOR; j++)
    {
      FeatureType term = param[i*PAR_FACTOR+j] * feature[i*PAR_FACTOR+j];
      result += term;
    }
  }
  return result;
}
FeatureType Sigmoid(FeatureType exponent) { return 1.0 / (1.0 + std::exp(-exponent)); }
void computeGradient(FeatureType grad[NUM_FEATURES], DataType feature[NUM_FEATURES], FeatureType scale)
{
  for (int i = 0; i < NUM_FEATURES; i++) grad[i] = (scale * feature[i]);
}
void SgdLR(DataType data[NUM_FEATURES * NUM_TRAINING], LabelType label[NUM_TRAINING], FeatureType theta[NUM_FEATURES])
{
  FeatureType gradient[NUM_FEATURES];
  EPOCH: for (int epoch = 0; epoch < NUM_EPOCHS; epoch++)
  {
    TRAINING_INST: for( int training_id = 0; training_id < NUM_TRAINING; training_id ++ )
    {
      LabelType training_label = label[training_id];
      FeatureType dot = dotProduct(theta, &data[NUM_FEATURES * training_id]);
      FeatureType prob = Sigmoid(dot);
      computeGradient(gradient, &data[NUM_FEATURES * training_id], (prob - training_label));
      for (int i = 0; i < NUM_FEATURES; i++) theta[i] += -STEP_SIZE / 60000.0f * gradient[i];
    }
  }
}
