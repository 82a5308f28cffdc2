#include "text/html_entities.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <string>
#include <vector>

#include "text/html_bytes.h"
#include "text/utf8.h"

// The names are sorted, so those that begin with what has been read are a range,
// which every further byte narrows. A name is written once, without semicolon.
// Nearly all references are a name and a semicolon, which no other name goes on
// behind: these are found by a hash, and the range is for what is not found so.
namespace sakuin::text {
namespace {

constexpr std::string_view kTable =
#include "text/html_entity_table.inc"
    ;

struct Entity {
  std::string_view name;  // without semicolon
  bool needs_semicolon = false;
  uint8_t text_bytes = 0;
  char utf8[kMaxHtmlEntityText] = {};
};

std::string_view TakeWord(std::string_view& rest) {
  const size_t blank = rest.find(' ');
  const std::string_view word = rest.substr(0, blank);
  rest.remove_prefix(blank + 1);
  return word;
}

// "2242+338": one or two code points in hexadecimal.
void SetText(std::string_view code_points, Entity& entity) {
  std::string text;
  const char* at = code_points.data();
  const char* const end = at + code_points.size();
  while (at < end) {
    uint32_t value = 0;
    at = std::from_chars(at, end, value, 16).ptr;
    if (at < end) ++at;
    AppendUtf8(text, value);
  }
  entity.text_bytes = static_cast<uint8_t>(text.size());
  std::memcpy(entity.utf8, text.data(), std::min(text.size(), kMaxHtmlEntityText));
}

constexpr size_t kSlots = 8192;  // a quarter of them used

size_t SlotOf(std::string_view name) {
  uint32_t hash = 0;
  for (const char c : name) hash = hash * 31 + static_cast<uint8_t>(c);
  return (hash ^ hash >> 13) % kSlots;
}

struct EntityTable {
  std::vector<Entity> entities;
  std::array<uint16_t, kSlots> slots{};  // by SlotOf and those behind it: the number of an entity and one, or 0
  std::array<uint16_t, 129> first{};  // of the names that begin with a byte or a later one

  EntityTable() {
    for (std::string_view rest = kTable; !rest.empty();) {
      Entity& entity = entities.emplace_back();
      entity.name = TakeWord(rest);
      entity.needs_semicolon = entity.name.ends_with(';');
      if (entity.needs_semicolon) entity.name.remove_suffix(1);
      SetText(TakeWord(rest), entity);
    }
    for (size_t byte = 0; byte < first.size(); ++byte) {
      const auto begins_before = [byte](const Entity& e) { return static_cast<uint8_t>(e.name[0]) < byte; };
      first[byte] = static_cast<uint16_t>(std::ranges::partition_point(entities, begins_before) - entities.begin());
    }
    for (size_t i = 0; i < entities.size(); ++i) {
      size_t slot = SlotOf(entities[i].name);
      while (slots[slot] != 0) slot = (slot + 1) % kSlots;
      slots[slot] = static_cast<uint16_t>(i + 1);
    }
  }

  // nullptr when there is none.
  const Entity* Find(std::string_view name) const {
    for (size_t slot = SlotOf(name); slots[slot] != 0; slot = (slot + 1) % kSlots) {
      const Entity& entity = entities[slots[slot] - size_t{1}];
      if (entity.name == name) return &entity;
    }
    return nullptr;
  }
};

const EntityTable& Table() {
  static const EntityTable table;
  return table;
}

void Take(const Entity& entity, bool semicolon, HtmlEntityMatch& match) {
  match.bytes = static_cast<uint8_t>(entity.name.size() + (semicolon ? 1 : 0));
  match.semicolon = semicolon;
  match.text_bytes = entity.text_bytes;
  std::memcpy(match.utf8, entity.utf8, kMaxHtmlEntityText);
}

// Letters and digits with a semicolon behind them; empty when something else is there.
std::string_view NameBeforeSemicolon(std::string_view input) {
  size_t end = 0;
  while (end < input.size() && end < kMaxHtmlEntityBytes && (IsHtml(input[end], kHtmlLetter) || IsAsciiDigit(input[end]))) ++end;
  return end < input.size() && input[end] == ';' ? input.substr(0, end) : std::string_view();
}

// What numbers of control characters stand for, as if they were windows-1252; 0: themselves.
constexpr uint16_t kWindows1252[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
    0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
};

// At "#". How many bytes were used; 0: it is no number.
size_t AppendNumber(std::string_view text, std::string& out) {
  const bool hexadecimal = text.size() > 1 && (text[1] == 'x' || text[1] == 'X');
  const char* const end = text.data() + text.size();
  const char* const begin = text.data() + (hexadecimal ? 2 : 1);
  uint32_t number = 0;
  if (begin == end || *begin == '-') return 0;
  const auto [behind, error] = std::from_chars(begin, end, number, hexadecimal ? 16 : 10);
  if (behind == begin || error == std::errc::invalid_argument) return 0;
  AppendUtf8(out, MeaningOfHtmlNumber(error == std::errc() ? number : UINT32_MAX));
  return static_cast<size_t>(behind - text.data()) + (behind != end && *behind == ';' ? 1 : 0);
}

size_t AppendNamed(std::string_view text, std::string& out) {
  const HtmlEntityMatch match = MatchHtmlEntity(text, true);
  out += match.text();
  return match.bytes;
}

struct CommonEntity {
  std::string_view name;
  std::string_view utf8;
};
// Most of those that pages have.
constexpr CommonEntity kCommon[] = {{"nbsp;", "\xC2\xA0"}, {"lt;", "<"}, {"gt;", ">"}, {"amp;", "&"}, {"quot;", "\""}};

bool MatchCommon(std::string_view input, HtmlEntityMatch& match) {
  for (const CommonEntity& entity : kCommon) {
    if (input[0] != entity.name[0] || !input.starts_with(entity.name)) continue;
    match.bytes = static_cast<uint8_t>(entity.name.size());
    match.semicolon = true;
    match.text_bytes = static_cast<uint8_t>(entity.utf8.size());
    entity.utf8.copy(match.utf8, kMaxHtmlEntityText);
    return true;
  }
  return false;
}

}  // namespace

HtmlEntityMatch MatchHtmlEntity(std::string_view input, bool complete) {
  HtmlEntityMatch match;
  if (input.empty() || static_cast<uint8_t>(input[0]) >= 0x80) {
    match.wait = input.empty() && !complete;
    return match;
  }
  if (MatchCommon(input, match)) return match;
  const EntityTable& table = Table();
  const std::string_view name = NameBeforeSemicolon(input);
  if (const Entity* whole = name.empty() ? nullptr : table.Find(name); whole != nullptr) {
    Take(*whole, true, match);
    return match;
  }
  const uint8_t byte = static_cast<uint8_t>(input[0]);
  auto low = table.entities.begin() + table.first[byte];
  auto high = table.entities.begin() + table.first[byte + 1u];
  for (size_t length = 1; low != high; ++length) {  // all in [low, high) begin with input[0, length)
    const bool ended = length == input.size();
    if (low->name.size() == length) {
      if (!ended && input[length] == ';') {
        Take(*low, true, match);
        return match;
      }
      if (!low->needs_semicolon) Take(*low, false, match);
    }
    if (ended) {
      match.wait = !complete;
      return match;
    }
    const char next = input[length];
    const auto at = [length](const Entity& e) { return e.name.size() > length ? e.name[length] : '\0'; };
    low = std::lower_bound(low, high, next, [&](const Entity& e, char c) { return at(e) < c; });
    high = std::upper_bound(low, high, next, [&](char c, const Entity& e) { return c < at(e); });
    if (next == '\0') break;
  }
  return match;
}

char32_t MeaningOfHtmlNumber(uint32_t number) {
  if (number == 0 || number > 0x10FFFF || (number >= 0xD800 && number <= 0xDFFF)) return kReplacementCharacter;
  if (number >= 0x80 && number < 0xA0 && kWindows1252[number - 0x80] != 0) return kWindows1252[number - 0x80];
  return number;
}

void AppendHtmlDecoded(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const size_t at = text.find('&');
    out.append(text.substr(0, at));
    if (at == std::string_view::npos) return;
    text.remove_prefix(at + 1);
    const size_t used = text.starts_with('#') ? AppendNumber(text, out) : AppendNamed(text, out);
    if (used == 0) out.push_back('&');
    text.remove_prefix(used);
  }
}

size_t CountHtmlEntityNames() {
  size_t count = 0;
  for (const Entity& entity : Table().entities) count += entity.needs_semicolon ? 1 : 2;
  return count;
}

}  // namespace sakuin::text
