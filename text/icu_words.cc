#include "text/icu_words.h"

#include <unicode/brkiter.h>
#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <map>
#include <memory>
#include <utility>

namespace sakuin::text {
namespace {

std::unique_ptr<icu::BreakIterator> MakeBreaker(IcuWords words) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Locale& locale = words == IcuWords::kChinese ? icu::Locale::getChinese() : icu::Locale::getRoot();
  std::unique_ptr<icu::BreakIterator> made(icu::BreakIterator::createWordInstance(locale, error));
  return U_SUCCESS(error) ? std::move(made) : nullptr;
}

// This thread's; null if ICU has none.
icu::BreakIterator* Breaker(IcuWords words) {
  thread_local std::map<IcuWords, std::unique_ptr<icu::BreakIterator>> breakers;
  const auto [entry, is_new] = breakers.try_emplace(words);
  if (is_new) entry->second = MakeBreaker(words);
  return entry->second.get();
}

}  // namespace

std::vector<uint32_t> IcuWordEnds(IcuWords words, std::span<const Unit> units, uint32_t begin, uint32_t end) {
  icu::BreakIterator* breaker = Breaker(words);
  if (breaker == nullptr) return {};
  icu::UnicodeString utf16;
  std::vector<uint32_t> unit_at;  // by UTF-16 index
  for (uint32_t i = begin; i < end; ++i) {
    utf16.append(static_cast<UChar32>(units[i].code_point));
    unit_at.resize(static_cast<size_t>(utf16.length()), i);
  }
  unit_at.push_back(end);
  breaker->setText(utf16);
  std::vector<uint32_t> ends;
  breaker->first();
  for (int32_t at = breaker->next(); at != icu::BreakIterator::DONE; at = breaker->next()) ends.push_back(unit_at[static_cast<size_t>(at)]);
  return ends;
}

}  // namespace sakuin::text
