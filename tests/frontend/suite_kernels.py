"""The kernels of tests/frontend/suites: written in the style of the field's suites, headers and harness in
place, from the published algorithms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["KERNELS", "SUITES", "SuiteKernel"]

SUITES = Path(__file__).parent / "suites"


@dataclass(frozen=True)
class SuiteKernel:
    """`files` and `benches` in the folder of the suite; `calls` generated ones are compared."""

    suite: str
    top: str
    files: tuple[str, ...]
    benches: tuple[str, ...] = ()
    defines: tuple[str, ...] = ()
    includes: tuple[str, ...] = (".",)
    shapes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    params: Mapping[str, int] = field(default_factory=dict)
    calls: int = 3

    def paths(self, names: tuple[str, ...]) -> list[Path]:
        return [SUITES / self.suite / name for name in names]


def _machsuite(folder: str, files: tuple[str, ...], *tops: str, calls: int = 3) -> list[SuiteKernel]:
    own = tuple(f"{folder}/{file}" for file in (*files, "local_support.c"))
    benches = (f"{folder}/local_support.c", "harness.c", "support.c")
    return [SuiteKernel("machsuite", top, own, benches, calls=calls) for top in tops]


def _polybench(name: str, *defines: str) -> SuiteKernel:
    file = f"{name}.c"
    return SuiteKernel("polybench", f"kernel_{name}", (file,), (file, "polybench.c"), defines)


KERNELS = [
    *_machsuite("gemm", ("gemm.c",), "gemm", "bbgemm"),
    *_machsuite("md", ("md.c",), "md_kernel", "md"),
    *_machsuite("kmp", ("kmp.c",), "kmp"),
    *_machsuite("sort", ("merge.c", "radix.c"), "ms_mergesort", "ss_sort"),
    *_machsuite("stencil", ("stencil.c",), "stencil", "stencil3d"),
    *_machsuite("viterbi", ("viterbi.c",), "viterbi"),
    *_machsuite("nw", ("nw.c",), "needwun"),
    *_machsuite("bfs", ("bulk.c", "queue.c"), "bfs", "bfs_queue", calls=2),
    *_machsuite("spmv", ("spmv.c",), "spmv", "ellpack"),
    *_machsuite("fft", ("fft.c",), "fft", "fft1D_32"),
    *_machsuite("backprop", ("backprop.c",), "backprop"),
    *_machsuite("aes", ("aes.c",), "aes256_encrypt_ecb", calls=0),
    _polybench("2mm", "POLYBENCH_USE_SCALAR_LB"),
    _polybench("atax"),
    _polybench("bicg"),
    _polybench("cholesky", "DATA_TYPE_IS_FLOAT"),
    _polybench("covariance"),
    _polybench("doitgen"),
    _polybench("durbin"),
    _polybench("floyd_warshall"),
    _polybench("gemm", "DATA_TYPE_IS_FLOAT"),
    _polybench("gesummv"),
    _polybench("jacobi_2d"),
    _polybench("lu", "POLYBENCH_USE_SCALAR_LB"),
    _polybench("mvt", "POLYBENCH_STACK_ARRAYS"),
    _polybench("nussinov"),
    _polybench("seidel_2d"),
    _polybench("symm"),
    _polybench("syrk"),
    _polybench("trmm", "POLYBENCH_USE_SCALAR_LB"),
    SuiteKernel("chstone", "sha_stream", ("sha.c",), ("sha.c",)),
    SuiteKernel("chstone", "main", ("mips.c",), ("mips.c",)),
    SuiteKernel("chstone", "float64_add", ("dfadd.c",), ("dfadd.c",)),
    SuiteKernel("chstone", "main", ("dfadd.c",), calls=1),
    SuiteKernel("chstone", "adpcm_main", ("adpcm.c",), ("adpcm.c",)),
    SuiteKernel("chstone", "Gsm_LPC_Analysis", ("gsm.c",), ("gsm.c",), shapes={"s": (32,), "LARc": (8,)}),
    SuiteKernel("chstone", "blowfish_main", ("blowfish.c",), ("blowfish.c",)),
    SuiteKernel("chstone", "jpeg2bmp_main", ("jpeg.c",), ("jpeg.c",)),
    SuiteKernel("chstone", "motion_main", ("motion.c",), ("motion.c",)),
    SuiteKernel("rosetta", "DigitRec", ("digitrec.cpp",)),
    SuiteKernel("rosetta", "rendering", ("rendering.cpp",), calls=2),
    SuiteKernel("rosetta", "SgdLR", ("spam.cpp",)),
    SuiteKernel("rosetta", "processImage", ("faces.cpp",)),
    SuiteKernel("hls4ml", "myproject", ("myproject.cpp",), ("myproject_test.cpp",), ("__SYNTHESIS__",)),
    SuiteKernel("xilinx", "vadd", ("vadd.cpp",), shapes={"in1": (64,), "in2": (64,), "out_r": (64,)}),
    SuiteKernel(
        "xilinx",
        "matmul_partition",
        ("mmult.cpp",),
        shapes={"in1": (64,), "in2": (64,), "out_r": (64,)},
    ),
    SuiteKernel(
        "xilinx", "fir_naive", ("fir.cpp",), shapes={"output_r": (32,), "signal_r": (32,), "coeff": (11,)}
    ),
    SuiteKernel(
        "xilinx",
        "fir_shift_register",
        ("fir_shift.cpp",),
        shapes={"output_r": (32,), "signal_r": (32,), "coeff": (11,)},
        params={"signal_length": 32},
    ),
    SuiteKernel("xilinx", "mmult", ("loop_reorder.cpp",)),
    SuiteKernel("xilinx", "filter2d", ("window.cpp",), shapes={"src": (48,), "dst": (48,)}),
    SuiteKernel("xilinx", "histogram", ("host.cpp",), ("host.cpp",), shapes={"data": (48,)}),
]
