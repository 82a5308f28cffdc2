#include "text/fingerprint.h"

#include <unicode/uversion.h>

#include <string>

#include "base/checksum.h"

namespace sakuin::text {

uint64_t FingerprintOf(std::string_view recipe, std::initializer_list<std::string_view> details) {
  std::string all = "sakuin analysis ";
  all.append(kAnalysisVersion).append(" icu ").append(std::to_string(U_ICU_VERSION_MAJOR_NUM)).append(" snowball 2 ").append(recipe);
  for (const std::string_view detail : details) {
    all.push_back('\0');
    all.append(detail);
  }
  return Checksum(all);
}

}  // namespace sakuin::text
