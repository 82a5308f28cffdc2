#include "base/cpu.h"

#include <algorithm>
#include <cstdlib>

namespace sakuin {
namespace {

SimdLevel MachineLevel() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512vl");
  if (avx2 && avx512) return SimdLevel::kAvx512;
  if (avx2) return SimdLevel::kAvx2;
#endif
  return SimdLevel::kScalar;
}

SimdLevel AskedLevel() {
  const char* asked = std::getenv("SAKUIN_SIMD");
  if (asked == nullptr) return SimdLevel::kAvx512;
  for (SimdLevel level : {SimdLevel::kScalar, SimdLevel::kAvx2}) {
    if (SimdLevelName(level) == asked) return level;
  }
  return SimdLevel::kAvx512;
}

}  // namespace

bool MachineIsSupported() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt");
#else
  return true;
#endif
}

SimdLevel CurrentSimdLevel() {
  static const SimdLevel level = std::min(MachineLevel(), AskedLevel());
  return level;
}

std::string_view SimdLevelName(SimdLevel level) {
  switch (level) {
    case SimdLevel::kScalar: return "scalar";
    case SimdLevel::kAvx2: return "avx2";
    case SimdLevel::kAvx512: return "avx512";
  }
  return "scalar";
}

}  // namespace sakuin
