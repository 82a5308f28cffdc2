#include "base/warc_reader.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "base/ascii.h"

namespace sakuin {
namespace {

constexpr size_t kDecodedAtOnce = 64 << 10;
constexpr size_t kLongestLine = 64 << 10;
constexpr size_t kKeptBehind = 64;  // of the bytes behind a record
constexpr std::string_view kRecordMark = "WARC/";

std::optional<uint64_t> NumberOf(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string Target(std::string_view text) {
  if (text.size() >= 2 && text.front() == '<' && text.back() == '>') text = text.substr(1, text.size() - 2);
  std::string out;
  for (const char c : text) {
    if (c == ' ') {
      out += "%20";
    } else {
      out += c;
    }
  }
  return out;
}

// The size of a header with the empty line behind it; npos when that is not there.
size_t HeadSize(std::string_view bytes) {
  for (size_t end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n', end + 1)) {
    if (bytes.substr(end + 1, 1) == "\n") return end + 2;
    if (bytes.substr(end + 1, 2) == "\r\n") return end + 3;
  }
  return std::string_view::npos;
}

// Lines "Name: value"; one that begins with a blank goes on with the value before.
void ReadFields(std::string_view head, std::vector<WarcField>& fields) {
  while (!head.empty()) {
    const size_t end = std::min(head.find('\n'), head.size());
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(end + 1, head.size()));
    if (Trim(line).empty()) continue;
    if ((line[0] == ' ' || line[0] == '\t') && !fields.empty()) {
      fields.back().value.append(" ").append(Trim(line));
      continue;
    }
    const size_t colon = std::min(line.find(':'), line.size());
    fields.push_back({std::string(Trim(line.substr(0, colon))), std::string(Trim(line.substr(std::min(colon + 1, line.size()))))});
  }
  for (WarcField& field : fields) {
    if (EqualsIgnoringCase(field.name, "WARC-Target-URI")) field.value = Target(field.value);
  }
}

// URL IP-address date type length; the URL may have blanks.
struct ArcLine {
  std::string_view url;
  std::string_view address;
  std::string_view date;
  std::string_view type;
  std::string_view length;
};

std::optional<ArcLine> ReadArcLine(std::string_view line) {
  ArcLine out;
  for (std::string_view* part : {&out.length, &out.type, &out.date, &out.address}) {
    line = Trim(line);
    const size_t blank = line.find_last_of(" \t");
    if (blank == std::string_view::npos) return std::nullopt;
    *part = line.substr(blank + 1);
    line = line.substr(0, blank);
  }
  out.url = Trim(line);
  const bool has_date = out.date.size() >= 8 && out.date.find_first_not_of("0123456789") == std::string_view::npos;
  if (!has_date || out.url.find(':') == std::string_view::npos) return std::nullopt;
  return out;
}

// 20140216050221 as 2014-02-16T05:02:21Z.
std::string DateOfArc(std::string_view digits) {
  std::string padded(digits.substr(0, 14));
  padded.resize(14, '0');
  const auto part = [&](size_t begin, size_t size) { return padded.substr(begin, size); };
  return part(0, 4) + "-" + part(4, 2) + "-" + part(6, 2) + "T" + part(8, 2) + ":" + part(10, 2) + ":" + part(12, 2) + "Z";
}

}  // namespace

std::string_view WarcRecord::Find(std::string_view name) const {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const WarcField& field) { return EqualsIgnoringCase(field.name, name); });
  return found == fields.end() ? std::string_view() : std::string_view(found->value);
}

WarcOutcome WarcReader::Next(WarcRecord& out) {
  if (std::exchange(has_late_damage_, false)) return WarcOutcome::kDamage;
  for (;;) {
    switch (Advance(out)) {
      case Step::kAgain: break;
      case Step::kRecord: return WarcOutcome::kRecord;
      case Step::kDamage: return WarcOutcome::kDamage;
      case Step::kMore:
        if (ended_) return WarcOutcome::kEnd;
        if (const WarcOutcome outcome = Refill(); outcome != WarcOutcome::kRecord) return outcome;
    }
  }
}

WarcReader::Step WarcReader::Advance(WarcRecord& out) {
  switch (phase_) {
    case Phase::kBetween: return LookForRecord(out);
    case Phase::kHead: return ReadHead(out);
    case Phase::kBlock: return ReadBlock(out);
    case Phase::kBehind: return ReadBehind(out);
  }
  return Step::kMore;
}

// kRecord: something is new; else what is to be answered.
WarcOutcome WarcReader::Refill() {
  decoded_.erase(0, std::exchange(taken_, 0));
  const bool at_border = std::exchange(member_ended_, false);
  switch (decoder_.Decode(decoded_, kDecodedAtOnce)) {
    case MemberState::kData: break;
    case MemberState::kMemberEnd: member_ended_ = true; break;
    case MemberState::kEnd: ended_ = true; break;
    case MemberState::kNeedsInput: member_ended_ = at_border; return WarcOutcome::kNeedsInput;
    case MemberState::kDamaged: {
      decoded_.clear();
      phase_ = Phase::kBetween;
      mid_line_ = false;
      const bool told = std::exchange(lost_, true);
      if (told) break;
      damage_ = {decoder_.damage().offset, decoder_.damage().reason};
      return WarcOutcome::kDamage;
    }
  }
  return WarcOutcome::kRecord;
}

void WarcReader::Take(size_t bytes) {
  taken_ += bytes;
  position_ += bytes;
  furthest_ = std::max(furthest_, position_);
}

WarcReader::Step WarcReader::Damage(uint64_t offset, std::string reason) {
  damage_ = {offset, std::move(reason)};
  phase_ = Phase::kBetween;
  lost_ = true;
  return Step::kDamage;
}

// At the beginning of a line, unless mid_line_. The next record begins where a line looks like its first.
WarcReader::Step WarcReader::LookForRecord(WarcRecord& out) {
  if (!mid_line_) Take(std::min(window().find_first_not_of("\r\n"), window().size()));
  const std::string_view bytes = window();
  const size_t end = bytes.find('\n');
  const bool whole = end != std::string_view::npos || ended_ || member_ended_ || bytes.size() >= kLongestLine;
  if (bytes.empty()) {
    if (member_ended_) mid_line_ = false;
    return Step::kMore;
  }
  if (!whole) return Step::kMore;
  const std::string_view line = bytes.substr(0, end);
  if (!mid_line_ && line.starts_with(kRecordMark)) {
    phase_ = Phase::kHead;
    return Step::kAgain;
  }
  if (!mid_line_ && (is_arc_ || line.starts_with("filedesc:")) && ReadArcLine(line).has_value()) return BeginArcRecord(line, out);
  const uint64_t place = Place();
  Take(std::min(bytes.size(), end == std::string_view::npos ? end : end + 1));
  mid_line_ = end == std::string_view::npos && !member_ended_;
  if (lost_) return Step::kAgain;
  return Damage(place, "no record begins here: a line is wanted that begins with WARC/, or in ARC one of five words");
}

WarcReader::Step WarcReader::ReadHead(WarcRecord& out) {
  const uint64_t place = Place();
  const std::string_view bytes = window();
  const size_t size = HeadSize(bytes.substr(0, kMaxHeadBytes));
  if (size == std::string_view::npos) {
    if (bytes.size() < kMaxHeadBytes && !ended_) return Step::kMore;
    Take(std::min(bytes.find('\n'), bytes.size()));
    mid_line_ = true;
    return Damage(
        place, ended_ ? "a record is cut short in its header" : "the header of a record is longer than " + std::to_string(kMaxHeadBytes) + " bytes");
  }
  out.is_arc = false;
  out.offset = place;
  out.fields.clear();
  const size_t first_line = bytes.find('\n') + 1;
  ReadFields(bytes.substr(first_line, size - first_line), out.fields);
  const std::optional<uint64_t> length = NumberOf(out.Find("Content-Length"));
  Take(size);
  if (!length.has_value()) return Damage(place, "a record has no Content-Length that is a number");
  BeginBlock(*length, out);
  return Step::kAgain;
}

WarcReader::Step WarcReader::BeginArcRecord(std::string_view line, WarcRecord& out) {
  is_arc_ = true;
  const ArcLine arc = *ReadArcLine(line);
  const std::optional<uint64_t> length = NumberOf(arc.length);
  out.is_arc = true;
  out.offset = Place();
  out.fields = {{"WARC-Type", arc.url.starts_with("filedesc:") ? "warcinfo" : "resource"},
                {"WARC-Target-URI", Target(arc.url)},
                {"WARC-Date", DateOfArc(arc.date)},
                {"WARC-IP-Address", std::string(arc.address)},
                {"Content-Type", std::string(arc.type)},
                {"Content-Length", std::string(arc.length)}};
  Take(std::min(line.size() + 1, window().size()));
  if (!length.has_value()) return Damage(out.offset, "the length of an ARC record is not a number");
  BeginBlock(*length, out);
  return Step::kAgain;
}

void WarcReader::BeginBlock(uint64_t bytes, WarcRecord& out) {
  lost_ = false;
  phase_ = Phase::kBlock;
  block_left_ = bytes;
  newlines_ = 0;
  behind_.clear();
  out.block.clear();
  out.block_bytes = bytes;
}

WarcReader::Step WarcReader::ReadBlock(WarcRecord& out) {
  const size_t here = static_cast<size_t>(std::min<uint64_t>(block_left_, window().size()));
  const size_t room = options_.max_block_bytes - std::min(options_.max_block_bytes, out.block.size());
  out.block.append(window().substr(0, std::min(here, room)));
  Take(here);
  block_left_ -= here;
  if (block_left_ > 0) return ended_ ? CutShort(out) : Step::kMore;
  phase_ = Phase::kBehind;
  return Step::kAgain;
}

// At the end of the file: what there is is given, unless another record hides in it.
WarcReader::Step WarcReader::CutShort(WarcRecord& out) {
  const std::string reason = "a record is cut short: " + std::to_string(block_left_) + " bytes are missing, or its length is wrong";
  (void)Damage(out.offset, reason);
  out.block_bytes -= block_left_;
  if (ReadOverlooked(out)) return Step::kDamage;
  out.block_bytes += block_left_;
  has_late_damage_ = true;
  if (out.is_arc) FinishArcRecord(out);
  return Step::kRecord;
}

// Behind the block: an empty line, but some programs write less. In a compressed file only the end of the member or
// another record shows that the block is sound: what else comes there may be what damage made.
WarcReader::Step WarcReader::ReadBehind(WarcRecord& out) {
  const size_t blank = std::min(window().find_first_not_of("\r\n"), window().size());
  const std::string_view passed = window().substr(0, blank);
  newlines_ += static_cast<size_t>(std::count(passed.begin(), passed.end(), '\n'));
  behind_.append(passed.substr(0, kKeptBehind - std::min(kKeptBehind, behind_.size())));
  Take(blank);
  const bool can_tell = window().size() >= kRecordMark.size() || !kRecordMark.starts_with(window());
  if (!can_tell && !ended_ && !member_ended_) return Step::kMore;
  phase_ = Phase::kBetween;
  mid_line_ = false;
  const bool only_lines = newlines_ >= 2 && !decoder_.is_compressed();
  const bool parted = out.is_arc || only_lines || window().empty() || window().starts_with(kRecordMark);
  if (!parted) {
    if (ReadOverlooked(out)) return Damage(out.offset, "the length of a record is wrong: another record begins inside");
    (void)Damage(out.offset, "no empty line is behind a record: its length may be wrong");
    if (decoder_.is_compressed()) return Step::kDamage;
    has_late_damage_ = true;
  }
  if (out.is_arc) FinishArcRecord(out);
  return Step::kRecord;
}

// Puts back what is behind the first beginning of a record inside the block; false when there is none, or too much was read twice.
bool WarcReader::ReadOverlooked(const WarcRecord& record) {
  const bool is_whole = !record.is_cut() && !record.is_arc && behind_.size() < kKeptBehind;
  const size_t found = is_whole ? record.block.find("\nWARC/1.") : std::string::npos;
  if (found == std::string::npos) return false;
  const size_t size = record.block.size() - found - 1 + behind_.size();
  if (put_back_ + size > furthest_) return false;
  put_back_ += size;
  position_ -= size;
  decoded_ = record.block.substr(found + 1) + behind_ + std::string(window());
  taken_ = 0;
  return true;
}

void WarcReader::FinishArcRecord(WarcRecord& out) const {
  if (!out.block.starts_with("HTTP/")) return;
  out.fields[0].value = "response";
  out.fields[4].value = "application/http; msgtype=response";
}

}  // namespace sakuin
