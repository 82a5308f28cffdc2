#include <map>
#include <mutex>

#include "text/analyzer.h"
#include "text/english_analyzer.h"
#include "text/standard_analyzer.h"

namespace sakuin::text {

Result<std::shared_ptr<const Analyzer>> MakeAnalyzer(std::string_view name) {
  if (name == "standard") return std::shared_ptr<const Analyzer>(std::make_shared<StandardAnalyzer>());
  if (name == "english") return std::shared_ptr<const Analyzer>(std::make_shared<EnglishAnalyzer>());
  return InvalidArgumentError("unknown analyzer '" + std::string(name) + "'; expected one of: english, standard");
}

std::vector<std::string> AnalyzerNames() { return {"english", "standard"}; }

}  // namespace sakuin::text
