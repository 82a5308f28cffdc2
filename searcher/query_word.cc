#include "searcher/query_word.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "searcher/query.h"
#include "searcher/query_lexer.h"
#include "searcher/query_warnings.h"

namespace sakuin::searcher {
namespace {

constexpr size_t kNotFound = std::string_view::npos;

bool IsNameOfNonNumber(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(IsAsciiLetter(c) ? (c | 0x20) : c);
  return lower == "nan" || lower == "inf" || lower == "infinity";
}

}  // namespace

BoostReading ReadBoost(std::string_view text) {
  using State = BoostReading::State;
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty()) return {};
  if (text.size() <= 8 && IsNameOfNonNumber(text)) return {State::kIgnored};
  if (!IsAsciiDigit(text[0]) && text[0] != '.') return {};
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || error == std::errc::invalid_argument) return {};
  if (error == std::errc::result_out_of_range) value = text.find('-') != kNotFound ? kMinBoost / 2 : kMaxBoost * 2;
  if (negative || value == 0) return {State::kIgnored};
  const double clamped = std::clamp<double>(value, kMinBoost, kMaxBoost);
  return {clamped == value ? State::kGood : State::kClamped, static_cast<float>(clamped)};
}

std::optional<uint32_t> ReadCount(std::string_view digits) {
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), IsAsciiDigit)) return std::nullopt;
  uint32_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc::result_out_of_range ? UINT32_MAX : value;
}

int AutomaticEdits(std::string_view text) {
  constexpr size_t kShortWord = 5;
  return ColumnOf(text, text.size()) - 1 <= kShortWord ? 1 : kMaxEdits;
}

Pattern ClassifyPattern(std::string_view raw, bool with_field) {
  size_t wildcards = 0;
  size_t questions_inside = 0;
  size_t questions_at_end = 0;
  size_t stars = 0;
  size_t solid_end = 0;  // behind the last byte that is not a star
  for (size_t pos = 0; pos < raw.size();) {
    const size_t length = std::max<size_t>(EscapeLength(raw, pos), 1);
    const char c = length == 1 ? raw[pos] : '\0';
    stars += c == '*' ? 1 : 0;
    if (c == '?') {
      ++questions_at_end;
    } else {
      questions_inside += std::exchange(questions_at_end, 0);
    }
    pos += length;
    if (c != '*') solid_end = pos;
  }
  wildcards = stars + questions_inside + (with_field || stars + questions_inside != 0 ? questions_at_end : 0);
  if (wildcards == 0) return {};
  if (solid_end == 0) return {PatternKind::kStarsOnly, {}};
  const bool prefix = questions_inside + questions_at_end == 0 && stars == raw.size() - solid_end;
  return prefix ? Pattern{PatternKind::kPrefix, raw.substr(0, solid_end)} : Pattern{PatternKind::kWildcard, {}};
}

std::string NormalizePattern(std::string_view raw) {
  std::string out;
  bool after_star = false;
  for (size_t pos = 0; pos < raw.size();) {
    const size_t escape = EscapeLength(raw, pos);
    const std::string_view piece = escape == 0 ? raw.substr(pos, 1) : raw.substr(pos + 1, escape - 1);
    const bool star = escape == 0 && piece == "*";
    const bool literal = escape != 0 || piece == "\\";
    if (literal && (piece == "*" || piece == "?" || piece == "\\")) out += '\\';
    if (!star || !after_star) out += piece;
    after_star = star;
    pos += std::max<size_t>(escape, 1);
  }
  return out;
}

bool LooksLikeAddress(std::string_view raw) {
  const size_t scheme = raw.find("://");
  if (scheme != kNotFound && (scheme == 0 || raw[scheme - 1] != '\\')) return true;
  const size_t question = FindLastBare(raw, '?');
  const size_t equals = FindLastBare(raw, '=');
  return question != kNotFound && equals != kNotFound && question < equals;
}

}  // namespace sakuin::searcher
