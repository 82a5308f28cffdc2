#include <algorithm>
#include <map>
#include <mutex>

#include "text/analyzer.h"
#include "text/auto_analyzer.h"
#include "text/bigram_analyzer.h"
#include "text/chinese_analyzer.h"
#include "text/composed_analyzer.h"
#include "text/english_analyzer.h"
#include "text/japanese_analyzer.h"
#include "text/korean_analyzer.h"
#include "text/simple_analyzers.h"
#include "text/snowball_analyzer.h"
#include "text/standard_analyzer.h"

namespace sakuin::text {
namespace {

constexpr size_t kMostKept = 1000;  // compositions are without number

std::shared_ptr<const Analyzer> MakePlain(const std::string& name) {
  if (name == "standard") return std::make_shared<StandardAnalyzer>();
  if (name == "english") return std::make_shared<EnglishAnalyzer>();
  if (name == "english_plus") return std::make_shared<SnowballAnalyzer>(name, "english");
  if (name == "japanese") return std::make_shared<JapaneseAnalyzer>();
  if (name == "korean") return std::make_shared<KoreanAnalyzer>();
  if (name == "chinese") return std::make_shared<ChineseAnalyzer>();
  if (name == "auto") return std::make_shared<AutoAnalyzer>();
  if (name == "bigram") return std::make_shared<BigramAnalyzer>();
  if (name == "whitespace") return std::make_shared<WhitespaceAnalyzer>();
  if (name == "keyword") return std::make_shared<KeywordAnalyzer>();
  return std::make_shared<SnowballAnalyzer>(name, name);
}

Result<std::shared_ptr<const Analyzer>> Make(const std::string& name) {
  if (name.find('+') != std::string::npos) return ComposedAnalyzer::Make(name);
  const std::vector<std::string> names = AnalyzerNames();
  if (std::binary_search(names.begin(), names.end(), name)) return MakePlain(name);
  std::string list;
  for (const std::string& known : names) list += (list.empty() ? "" : ", ") + known;
  return InvalidArgumentError("unknown analyzer '" + name + "'; expected one of: " + list + "; with filters behind it after a '+' each");
}

}  // namespace

std::vector<std::string> AnalyzerNames() {
  std::vector<std::string> names = SnowballAnalyzer::Languages();
  for (const char* name : {"auto", "bigram", "chinese", "english", "english_plus", "japanese", "keyword", "korean", "standard", "whitespace"})
    names.emplace_back(name);
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::shared_ptr<const Analyzer>> MakeAnalyzer(std::string_view asked) {
  static std::mutex mutex;
  static std::map<std::string, std::shared_ptr<const Analyzer>> made;
  const std::string name(asked);
  {
    const std::lock_guard lock(mutex);
    if (const auto known = made.find(name); known != made.end()) return known->second;
  }
  ASSIGN_OR_RETURN(std::shared_ptr<const Analyzer> analyzer, Make(name));  // outside the lock: "auto" asks for others
  const std::lock_guard lock(mutex);
  if (made.size() >= kMostKept && !made.contains(name)) return analyzer;
  return made.try_emplace(name, std::move(analyzer)).first->second;
}

}  // namespace sakuin::text
