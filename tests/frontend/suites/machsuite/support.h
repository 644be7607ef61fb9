#ifndef SUPPORT_H
#define SUPPORT_H
#include <stdlib.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdbool.h>
#include <string.h>
#include <math.h>
#include <assert.h>
#include <fcntl.h>
#include <unistd.h>
#include <sys/types.h>
#include <sys/stat.h>

/* What each benchmark gives the harness. */
void run_benchmark(void *vargs);
void input_to_data(int fd, void *vdata);
void data_to_output(int fd, void *vdata);
int check_data(void *vdata, void *vref);
extern int INPUT_SIZE;

/* Text files of sections, each with one number a line. */
char *readfile(int fd);
char *find_section_start(char *text, int number);

#define STAC_EXPANDED(left, right) left##right
#define STAC(left, right) STAC_EXPANDED(left, right)

#define SECTION_READER(type) int STAC(parse_, STAC(type, _array))(char *text, type *to, int count)
SECTION_READER(uint8_t);
SECTION_READER(int32_t);
SECTION_READER(int64_t);
SECTION_READER(double);
SECTION_READER(float);
#define SECTION_WRITER(type) int STAC(write_, STAC(type, _array))(int fd, type *from, int count)
SECTION_WRITER(uint8_t);
SECTION_WRITER(int32_t);
SECTION_WRITER(int64_t);
SECTION_WRITER(double);
SECTION_WRITER(float);

static inline void fail(const char *why) { fprintf(stderr, "%s\n", why); exit(-1); }
#endif
