#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>
#include <ap_int.h>
#include <hls_stream.h>
#include "host.h"

template <typename T>
struct aligned_allocator {
    using value_type = T;
    T* allocate(std::size_t num) {
        void* ptr = nullptr;
        if (posix_memalign(&ptr, 4096, num * sizeof(T))) throw 1;
        return reinterpret_cast<T*>(ptr);
    }
    void deallocate(T* p, std::size_t num) { free(p); }
};

void mmult_sw(const std::vector<int> &in1, const std::vector<int> &in2, std::vector<int> &out, int dim) {
    for (int i = 0; i < dim; i++)
        for (int j = 0; j < dim; j++) {
            out[i * dim + j] = 0;
            for (int k = 0; k < dim; k++) out[i * dim + j] += in1[i * dim + k] * in2[k * dim + j];
        }
}

void histogram(const int *data, int (&bins)[BINS], int count) {
    for (int i = 0; i < BINS; i++) bins[i] = 0;
    int last = -1, held = 0;
accumulate:
    for (int i = 0; i < count; i++) {
#pragma HLS PIPELINE II=2
#pragma HLS DEPENDENCE variable=bins intra false
        int bin = data[i] & (BINS - 1);
        if (bin == last) held++;
        else { if (last >= 0) bins[last] = held; held = bins[bin] + 1; last = bin; }
    }
    if (last >= 0) bins[last] = held;
}

int main(int argc, char **argv) {
    std::vector<int> data(COUNT);
    std::generate(data.begin(), data.end(), std::rand);
    std::vector<int, aligned_allocator<int> > aligned(COUNT);
    int bins[BINS];
    auto start = std::chrono::high_resolution_clock::now();
    histogram(data.data(), bins, COUNT);
    auto took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::high_resolution_clock::now() - start);
    std::cout << "took " << took.count() << " us" << std::endl;
    bool match = true;
    for (size_t i = 0; i < BINS; i++) if (bins[i] < 0) { std::cout << "Error: " << i << std::endl; match = false; break; }
    std::cout << "TEST " << (match ? "PASSED" : "FAILED") << std::endl;
    return (match ? EXIT_SUCCESS : EXIT_FAILURE);
}
