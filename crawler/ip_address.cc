#include "crawler/ip_address.h"

#include <algorithm>
#include <charconv>

#include "crawler/percent_encoding.h"

namespace sakuin::crawler {

namespace {

constexpr uint64_t kBeyondIpv4 = uint64_t{1} << 32;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string_view WithoutFinalDot(std::string_view domain) {
  if (domain.size() > 1 && domain.back() == '.') domain.remove_suffix(1);
  return domain;
}

// One part of an IPv4 address; larger values than fit are kBeyondIpv4.
std::optional<uint64_t> ParseIpv4Number(std::string_view text) {
  if (text.empty()) return std::nullopt;
  uint64_t base = 10;
  if (text.size() >= 2 && text[0] == '0') {
    const bool is_hex = text[1] == 'x' || text[1] == 'X';
    base = is_hex ? 16 : 8;
    text.remove_prefix(is_hex ? 2 : 1);
  }
  uint64_t value = 0;
  for (const char c : text) {
    const int digit = HexValue(c);
    if (digit < 0 || static_cast<uint64_t>(digit) >= base) return std::nullopt;
    value = std::min(value * base + static_cast<uint64_t>(digit), kBeyondIpv4);
  }
  return value;
}

// Reads an IPv6 address from left to right.
class Ipv6Parser {
 public:
  explicit Ipv6Parser(std::string_view text) : text_(text) {}

  std::optional<Ipv6Pieces> Parse() {
    if (Peek() == ':') {
      if (Peek(1) != ':') return std::nullopt;
      at_ += 2;
      compress_ = ++index_;
    }
    while (at_ < text_.size()) {
      if (!ParsePiece()) return std::nullopt;
      if (is_done_) break;
    }
    return Decompress();
  }

 private:
  // 0 behind the end; a NUL in the text is refused wherever it stands.
  char Peek(size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  bool ParsePiece() {
    if (index_ >= kPieces) return false;
    if (Peek() == ':') {
      if (compress_ != kNone) return false;
      ++at_;
      compress_ = ++index_;
      return true;
    }
    const size_t start = at_;
    uint16_t value = 0;
    while (at_ < start + 4 && HexValue(Peek()) >= 0) value = static_cast<uint16_t>(value * 16 + HexValue(text_[at_++]));
    if (Peek() == '.') {
      if (at_ == start) return false;
      at_ = start;
      return ParseIpv4Tail();
    }
    if (Peek() == ':') {
      if (++at_ == text_.size()) return false;
    } else if (at_ < text_.size()) {
      return false;
    }
    Put(value);
    return true;
  }

  // "1.2.3.4" as the last two pieces: decimal, four parts, no leading zeros.
  bool ParseIpv4Tail() {
    if (index_ > kPieces - 2) return false;
    std::array<uint32_t, 4> parts{};
    for (size_t part = 0; part < parts.size(); ++part) {
      if (part > 0 && Peek() != '.') return false;
      at_ += part > 0 ? 1 : 0;
      const size_t start = at_;
      while (IsDigit(Peek()) && at_ < start + 4) parts[part] = parts[part] * 10 + static_cast<uint32_t>(text_[at_++] - '0');
      const bool has_leading_zero = at_ - start > 1 && text_[start] == '0';
      if (at_ == start || has_leading_zero || parts[part] > 255) return false;
    }
    if (at_ != text_.size()) return false;
    Put(static_cast<uint16_t>(parts[0] << 8 | parts[1]));
    Put(static_cast<uint16_t>(parts[2] << 8 | parts[3]));
    is_done_ = true;
    return true;
  }

  void Put(uint16_t piece) { pieces_[index_++ - (compress_ != kNone ? 1 : 0)] = piece; }

  // Moves what stands behind the "::" to the end.
  std::optional<Ipv6Pieces> Decompress() {
    if (compress_ == kNone) return index_ == kPieces ? std::optional(pieces_) : std::nullopt;
    const size_t used = index_ - 1;
    const size_t front = compress_ - 1;
    std::rotate(pieces_.begin() + static_cast<ptrdiff_t>(front), pieces_.begin() + static_cast<ptrdiff_t>(used), pieces_.end());
    return pieces_;
  }

  static constexpr size_t kPieces = 8;
  static constexpr size_t kNone = 0;

  std::string_view text_;
  size_t at_ = 0;
  Ipv6Pieces pieces_{};
  size_t index_ = 0;         // pieces read; a "::" counts as one
  size_t compress_ = kNone;  // index_ behind the "::"
  bool is_done_ = false;
};

}  // namespace

bool EndsInNumber(std::string_view domain) {
  if (domain == ".") return false;
  domain = WithoutFinalDot(domain);
  const std::string_view last = domain.substr(domain.rfind('.') + 1);
  if (last.empty()) return false;
  return std::all_of(last.begin(), last.end(), IsDigit) || ParseIpv4Number(last).has_value();
}

std::optional<uint32_t> ParseIpv4(std::string_view domain) {
  domain = WithoutFinalDot(domain);
  uint64_t address = 0;
  for (int part = 0; part < 4; ++part) {
    const size_t dot = domain.find('.');
    const std::optional<uint64_t> number = ParseIpv4Number(domain.substr(0, dot));
    if (!number) return std::nullopt;
    if (dot == std::string_view::npos) {
      const uint64_t left = kBeyondIpv4 >> (8 * part);  // what the last part may count up to
      if (*number >= left) return std::nullopt;
      return static_cast<uint32_t>(address * left + *number);
    }
    if (*number > 255) return std::nullopt;
    address = address * 256 + *number;
    domain.remove_prefix(dot + 1);
  }
  return std::nullopt;
}

std::string SerializeIpv4(uint32_t address) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) {
    out += std::to_string(address >> shift & 0xFF);
    if (shift > 0) out += '.';
  }
  return out;
}

std::optional<Ipv6Pieces> ParseIpv6(std::string_view text) { return Ipv6Parser(text).Parse(); }

std::string SerializeIpv6(const Ipv6Pieces& pieces) {
  // The first of the longest runs of zeros, at least two long, becomes "::".
  size_t run_start = pieces.size();
  size_t run_length = 1;
  for (size_t start = 0; start < pieces.size(); ++start) {
    size_t end = start;
    while (end < pieces.size() && pieces[end] == 0) ++end;
    if (end - start <= run_length) continue;
    run_start = start;
    run_length = end - start;
  }
  std::string out;
  for (size_t i = 0; i < pieces.size(); ++i) {
    if (i == run_start) {
      out += i == 0 ? "::" : ":";
      i += run_length - 1;
      continue;
    }
    char digits[4];
    const auto end = std::to_chars(digits, digits + sizeof(digits), pieces[i], 16);
    out.append(digits, end.ptr);
    if (i + 1 < pieces.size()) out += ':';
  }
  return out;
}

}  // namespace sakuin::crawler
