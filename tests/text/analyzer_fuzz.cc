// Any bytes as a text: the tokens lie inside it, in order, whole. The first byte chooses the analyzer.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "text/analyzer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sakuin::text;
  if (size == 0) return 0;
  static const std::vector<std::string> names = AnalyzerNames();
  const auto analyzer = MakeAnalyzer(names[data[0] % names.size()]);
  if (!analyzer.ok()) __builtin_trap();
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  for (const AnalysisMode mode : {AnalysisMode::kIndex, AnalysisMode::kQuery}) {
    TokenList tokens;
    (*analyzer)->Analyze(text, mode, tokens);
    for (const Token& token : tokens.tokens()) {
      const bool sound = !token.term.empty() && token.term.size() <= kMaxTermBytes && token.start < token.end && token.end <= text.size();
      if (!sound || token.position + token.position_length > tokens.next_position()) __builtin_trap();
    }
  }
  return 0;
}
