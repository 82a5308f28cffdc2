#include "indexer/jsonl_source.h"

#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <utility>

#include "base/ascii.h"
#include "indexer/source_window.h"
#include "text/utf8_repair.h"

// A line is parsed where it lies in the window: the DOM interface of simdjson chooses its vector code at run
// time and checks the whole line (UTF-8 included) before anything of it is used, so a record is either
// complete or broken. Its costs stay bounded by two tests before: lines have a longest length, and a long
// line with more structure than a record may have values is refused unparsed, because the parser needs
// about twelve bytes for each comma and bracket.
//
// What JSON forbids but people send is repaired only after the parser refused, so plain lines pay nothing.

namespace sakuin::indexer {
namespace {

namespace dom = simdjson::dom;

constexpr size_t kUncheckedLineBytes = 1 << 20;                // shorter lines are never much to parse
constexpr size_t kMaxStructuralBytes = 10 * kMaxRecordValues;  // commas, colons, brackets
constexpr size_t kKeptParserBytes = 4 << 20;                   // memory for longer lines is given back

// Commas, colons and opening brackets outside strings, as the parser sees them; stops counting past the limit.
bool HasTooMuchStructure(std::string_view line) {
  size_t count = 0;
  bool in_string = false;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"') in_string = !in_string;
    if (c == '\\') ++i;
    if (in_string) continue;
    if ((c == ',' || c == ':' || c == '[' || c == '{') && ++count > kMaxStructuralBytes) return true;
  }
  return false;
}

// The four hexadecimal digits behind "\u" at `at`; false when they are not.
bool ParseEscape(std::string_view text, size_t at, uint32_t& unit) {
  if (text.size() < at + 6 || text[at] != '\\' || text[at + 1] != 'u') return false;
  const char* const from = text.data() + at + 2;
  return std::from_chars(from, from + 4, unit, 16).ptr == from + 4 && *from != '-';
}

bool IsHighSurrogate(uint32_t unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool IsLowSurrogate(uint32_t unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

// Writes \ufffd over escapes of lone surrogates; returns how many.
size_t RepairSurrogates(std::string& line) {
  size_t repaired = 0;
  for (size_t i = line.find('\\'); i != std::string::npos && i + 1 < line.size(); i = line.find('\\', i)) {
    uint32_t unit = 0;
    uint32_t following = 0;
    if (!ParseEscape(line, i, unit)) {
      i += 2;
      continue;
    }
    if (IsHighSurrogate(unit) && ParseEscape(line, i + 6, following) && IsLowSurrogate(following)) {
      i += 12;
      continue;
    }
    if (IsHighSurrogate(unit) || IsLowSurrogate(unit)) {
      line.replace(i, 6, "\\ufffd");
      ++repaired;
    }
    i += 6;
  }
  return repaired;
}

bool IsNumberByte(char c) { return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E'; }

// Whether the token is a whole number that fits neither int64 nor uint64.
bool IsLongInteger(std::string_view token) {
  constexpr size_t kAlwaysFits = 18;
  if (token.size() <= kAlwaysFits || token.find_first_not_of("0123456789", token.front() == '-' ? 1 : 0) != std::string_view::npos) return false;
  const char* const end = token.data() + token.size();
  int64_t as_signed = 0;
  uint64_t as_unsigned = 0;
  return std::from_chars(token.data(), end, as_signed).ec != std::errc() &&
         (token.front() == '-' || std::from_chars(token.data(), end, as_unsigned).ec != std::errc());
}

// Copies `line` with "e0" behind whole numbers past 64 bits, so that the parser reads them as double; false
// when there are none.
bool WidenIntegers(std::string_view line, std::string& out) {
  bool changed = false;
  out.clear();
  for (size_t i = 0; i < line.size();) {
    size_t end = i + 1;
    if (line[i] == '"') {
      while (end < line.size() && line[end] != '"') end += line[end] == '\\' ? 2 : 1;
      end = std::min(end + 1, line.size());
    } else if (IsNumberByte(line[i])) {
      while (end < line.size() && IsNumberByte(line[end])) ++end;
    }
    const std::string_view token = line.substr(i, end - i);
    out.append(token);
    if (IsNumberByte(token.front()) && IsLongInteger(token)) {
      out.append("e0");
      changed = true;
    }
    i = end;
  }
  return changed;
}

std::string_view Describe(simdjson::error_code code) {
  switch (code) {
    case simdjson::TAPE_ERROR: return "a comma, colon, quote or bracket is missing or misplaced";
    case simdjson::UNCLOSED_STRING: return "a string is not closed";
    case simdjson::STRING_ERROR: return "a string has a bad escape";
    case simdjson::UNESCAPED_CHARS: return "a string has a control character that is not escaped";
    case simdjson::NUMBER_ERROR: return "a number is malformed or too large";
    case simdjson::T_ATOM_ERROR:
    case simdjson::F_ATOM_ERROR:
    case simdjson::N_ATOM_ERROR: return "a word that is not true, false or null";
    case simdjson::MEMALLOC: return "no memory to parse it";
    default: return simdjson::error_message(code);
  }
}

std::string_view Describe(dom::element_type type) {
  switch (type) {
    case dom::element_type::ARRAY: return "an array";
    case dom::element_type::OBJECT: return "an object";
    case dom::element_type::STRING: return "a string";
    case dom::element_type::BOOL: return "a boolean";
    case dom::element_type::NULL_VALUE: return "null";
    default: return "a number";
  }
}

// Turns a parsed object into a document.
class Flattener {
 public:
  Flattener(std::string& path, const std::string& id_field, RecordBuilder& record) : path_(path), id_field_(id_field), record_(record) {}

  bool AddObject(dom::object object) {
    const size_t parent = path_.size();
    for (const dom::key_value_pair member : object) {
      if (parent > 0) path_.push_back('.');
      path_.append(member.key);
      if (path_ == id_field_) {
        if (!SetKey(member.value)) return false;
      } else if (parent == 0 && member.key == "_version") {
        if (!SetVersion(member.value)) return false;
      } else if (!AddValue(member.value)) {
        return false;
      }
      path_.resize(parent);
    }
    return true;
  }

 private:
  // Recursion is bounded: the parser refused what is nested deeper than kMaxNesting.
  bool AddValue(dom::element value) {
    if (path_.empty() || path_.size() > index::kMaxFieldNameBytes) return record_.AddBoolean(path_, false);  // fails with the reason
    switch (value.type()) {
      case dom::element_type::STRING: return record_.AddString(path_, value.get_string().value_unsafe());
      case dom::element_type::INT64: return record_.AddInteger(path_, value.get_int64().value_unsafe());
      case dom::element_type::UINT64: return record_.AddDouble(path_, static_cast<double>(value.get_uint64().value_unsafe()));
      case dom::element_type::DOUBLE: return record_.AddDouble(path_, value.get_double().value_unsafe());
      case dom::element_type::BOOL: return record_.AddBoolean(path_, value.get_bool().value_unsafe());
      case dom::element_type::NULL_VALUE: return true;
      case dom::element_type::OBJECT: return AddObject(value.get_object().value_unsafe());
      case dom::element_type::ARRAY: break;
    }
    const dom::array items = value.get_array().value_unsafe();
    for (const dom::element item : items) {
      if (!AddValue(item)) return false;
    }
    return true;
  }

  bool SetKey(dom::element value) {
    if (value.is_string()) return record_.SetKey(value.get_string().value_unsafe());
    if (value.is<int64_t>()) return record_.SetKey(std::to_string(value.get_int64().value_unsafe()));
    if (value.is<uint64_t>()) return record_.SetKey(std::to_string(value.get_uint64().value_unsafe()));
    return record_.Fail("the id (field '" + text::Excerpt(id_field_) + "') is " + std::string(Describe(value.type())) +
                        (value.is_double() ? " that is not a 64-bit integer" : "") + "; a string or an integer is wanted");
  }

  bool SetVersion(dom::element value) {
    uint64_t version = 0;
    if (!value.is_null() && value.get_uint64().get(version) != simdjson::SUCCESS)
      return record_.Fail("_version is not a non-negative 64-bit integer");
    record_.SetVersion(version);
    return true;
  }

  std::string& path_;
  const std::string& id_field_;
  RecordBuilder& record_;
};

class JsonlSource final : public SingleSource {
 public:
  JsonlSource(std::unique_ptr<ByteInput> bytes, SourceFile source, const SourceOptions& how)
      : SingleSource(std::move(bytes), std::move(source), how), lines_(input(), how.chunk_bytes, how.max_record_bytes) {}

  Result<ReadOutcome> Next(index::Document& out) override {
    for (;;) {
      std::string_view line;
      ASSIGN_OR_RETURN(const LineState state, lines_.Next(line));
      if (state == LineState::kEnd) return ReadOutcome::kEnd;
      if (state == LineState::kWouldBlock) return ReadOutcome::kWouldBlock;
      set_line(lines_.number());
      if (state == LineState::kTooLong) return TooLong("line", lines_.line_bytes());
      line = Trim(line);
      if (!line.empty()) return ReadRecord(line, out);
    }
  }

 private:
  ReadOutcome ReadRecord(std::string_view line, index::Document& out) {
    if (line.size() > kUncheckedLineBytes && HasTooMuchStructure(line)) {
      return Broken("the record has more than " + WithCommas(kMaxRecordValues) + " values");
    }
    std::string_view stored = line;
    dom::element root;
    const simdjson::error_code code = ParseOrRepair(stored, root);
    const ReadOutcome outcome = code == simdjson::SUCCESS ? Convert(stored, root, out) : Refuse(code, line);
    if (document_.capacity() > kKeptParserBytes) GiveBackMemory();
    return outcome;
  }

  // After a repair `stored` is the repaired text.
  simdjson::error_code ParseOrRepair(std::string_view& stored, dom::element& root) {
    simdjson::error_code code = Parse(stored, root);
    if (code == simdjson::UTF8_ERROR) {
      repaired_.assign(stored);
      CountRepaired(text::RepairUtf8(repaired_));
      stored = Padded(repaired_);
      code = Parse(stored, root);
    }
    if (code == simdjson::STRING_ERROR) {
      if (stored.data() != repaired_.data()) repaired_.assign(stored);
      const size_t surrogates = RepairSurrogates(repaired_);
      CountRepaired(surrogates);
      stored = Padded(repaired_);
      if (surrogates > 0) code = Parse(stored, root);
    }
    if (code == simdjson::NUMBER_ERROR && WidenIntegers(stored, widened_)) code = Parse(Padded(widened_), root);
    return code;
  }

  static std::string_view Padded(std::string& text) {
    text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
    return text;
  }

  // REQUIRES: SIMDJSON_PADDING readable bytes behind `text`.
  simdjson::error_code Parse(std::string_view text, dom::element& root) {
    static_assert(kWindowPadding >= simdjson::SIMDJSON_PADDING);
    constexpr size_t kSmallest = 1 << 16;
    if (document_.capacity() < text.size() || parser_ == nullptr) {
      const size_t wanted = std::bit_ceil(std::max(text.size(), kSmallest));
      document_ = dom::document();
      parser_ = std::make_unique<dom::parser>();
      if (parser_->allocate(wanted, kMaxNesting + 1) != simdjson::SUCCESS || document_.allocate(wanted) != simdjson::SUCCESS) {
        GiveBackMemory();
        return simdjson::MEMALLOC;
      }
    }
    return parser_->parse_into_document(document_, text.data(), text.size(), false).get(root);
  }

  void GiveBackMemory() {
    document_ = dom::document();
    parser_.reset();
    repaired_ = std::string();
    widened_ = std::string();
  }

  ReadOutcome Convert(std::string_view stored, dom::element root, index::Document& out) {
    dom::object object;
    if (root.get_object().get(object) != simdjson::SUCCESS) {
      return Broken("an object {...} is wanted on every line, found " + std::string(Describe(root.type())) + ": " + text::Excerpt(stored));
    }
    RecordBuilder record(out);
    path_.clear();
    if (!Flattener(path_, options().id_field, record).AddObject(object) || !record.Finish(options().id_field)) return Broken(record.reason());
    out.stored.assign(stored);
    return ReadOutcome::kDocument;
  }

  ReadOutcome Refuse(simdjson::error_code code, std::string_view line) {
    if (code == simdjson::DEPTH_ERROR) return Broken("objects and arrays are nested deeper than " + std::to_string(kMaxNesting) + " levels");
    return Broken("not valid JSON (" + std::string(Describe(code)) + "): " + text::Excerpt(line));
  }

  LineReader lines_;
  std::unique_ptr<dom::parser> parser_;
  dom::document document_;
  std::string path_;
  std::string repaired_;  // a line with U+FFFD where it was not Unicode
  std::string widened_;   // a line with long whole numbers as double
};

}  // namespace

std::unique_ptr<DocumentSource> MakeJsonlSource(std::unique_ptr<ByteInput> input, SourceFile file, const SourceOptions& options) {
  return std::make_unique<JsonlSource>(std::move(input), std::move(file), options);
}

}  // namespace sakuin::indexer
