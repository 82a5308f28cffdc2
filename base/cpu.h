// cpu.h: which vector instructions this machine has, asked once.
//
// Code with a faster path branches on it; the scalar path is the reference and
// gives identical results. SAKUIN_SIMD=scalar|avx2|avx512 in the environment
// lowers the answer (for tests and comparisons); it never raises it.
#pragma once

#include <string_view>

// Marks a function that is compiled for a level; only to be called where the machine has it.
#if defined(__x86_64__)
#define SAKUIN_AVX2 __attribute__((target("avx2,bmi2,popcnt")))
#define SAKUIN_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,bmi2,popcnt")))
#endif

namespace sakuin {

enum class SimdLevel { kScalar = 0, kAvx2 = 1, kAvx512 = 2 };  // kAvx2 implies BMI2; kAvx512: F, BW, DQ, VL

// False where the instructions are missing that the whole program is compiled for (x86-64-v2).
bool MachineIsSupported();

SimdLevel CurrentSimdLevel();
std::string_view SimdLevelName(SimdLevel level);

}  // namespace sakuin
