#define WINDOW_SIZE 9
#define STAGES 2
static int stages_array[STAGES] = { 2, 3 };
static int stages_thresh_array[STAGES] = { -1290, -1275 };
static const int rectangles_array[5][5] = { {1, 1, 4, 3, -4096}, {2, 0, 3, 6, 8192}, {0, 2, 5, 2, 12288}, {3, 3, 2, 4, -4096}, {1, 4, 6, 3, 8192} };
static const int tree_thresh_array[5] = { -129, 50, 89, 23, 61 };
static const int alpha1_array[5] = { -567, 339, 272, 301, 322 };
static const int alpha2_array[5] = { 534, -477, -386, -223, -199 };
