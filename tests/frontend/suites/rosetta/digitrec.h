#ifndef __TYPEDEFS_H__
#define __TYPEDEFS_H__
#define NUM_TRAINING 20
#define CLASS_SIZE 2
#define NUM_TEST 2
#define K_CONST 3
typedef unsigned long long DigitType;
typedef DigitType WholeDigitType;
typedef unsigned char LabelType;
void DigitRec(WholeDigitType training_set[NUM_TRAINING], WholeDigitType test_set[NUM_TEST], LabelType results[NUM_TEST]);
#endif
