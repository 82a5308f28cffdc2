#include "base/http_message.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "base/content_coding.h"

namespace sakuin {
namespace {

// The next line without its end, which is taken from `text` too.
std::string_view TakeLine(std::string_view& text) {
  const size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// 200 of "HTTP/1.1 200 OK"; 0: that is none.
int StatusOf(std::string_view line) {
  if (!line.starts_with("HTTP/")) return 0;
  const size_t blank = std::min(line.find(' '), line.size());
  const std::string_view word = Trim(line.substr(blank)).substr(0, 3);
  int status = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), status);
  return error == std::errc() && end == word.data() + 3 && status >= 100 ? status : 0;
}

void AddField(std::string_view line, HttpHead& head) {
  if ((line[0] == ' ' || line[0] == '\t') && !head.fields.empty()) {
    head.fields.back().value.append(" ").append(Trim(line));
    return;
  }
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  head.fields.push_back({std::string(Trim(line.substr(0, colon))), std::string(Trim(line.substr(colon + 1)))});
}

HttpBody AsItIs(std::string_view bytes, size_t max_bytes) { return {std::string(bytes.substr(0, max_bytes)), false, bytes.size() > max_bytes, ""}; }

// Behind ';' are extensions. False when there is no size.
bool ChunkSize(std::string_view line, size_t& size) {
  line = Trim(line.substr(0, line.find(';')));
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), size, 16);
  return error == std::errc() && end == line.data() + line.size();
}

// The other names there are undone as those of contents are.
bool HasChunks(std::string_view transfer_codings) {
  for (std::string_view rest = transfer_codings; !rest.empty();) {
    const size_t comma = std::min(rest.find(','), rest.size());
    if (EqualsIgnoringCase(Trim(rest.substr(0, comma)), "chunked")) return true;
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return false;
}

}  // namespace

std::string_view HttpHead::Find(std::string_view name) const {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const HttpField& field) { return EqualsIgnoringCase(field.name, name); });
  return found == fields.end() ? std::string_view() : std::string_view(found->value);
}

std::string HttpHead::FindAll(std::string_view name) const {
  std::string out;
  for (const HttpField& field : fields) {
    if (!EqualsIgnoringCase(field.name, name)) continue;
    out += out.empty() ? "" : ", ";
    out += field.value;
  }
  return out;
}

Result<HttpHead> ParseHttpHead(std::string_view message, bool is_request) {
  HttpHead head;
  std::string_view rest = message;
  head.first_line = std::string(TakeLine(rest).substr(0, kMaxHttpHeadBytes));
  head.status = StatusOf(head.first_line);
  const bool has_words = std::count(head.first_line.begin(), head.first_line.end(), ' ') >= 2;
  if (is_request ? !has_words : head.status == 0) return InvalidArgumentError("not the head of an HTTP message");
  while (!rest.empty()) {
    const std::string_view line = TakeLine(rest);
    head.bytes = message.size() - rest.size();
    if (head.bytes > kMaxHttpHeadBytes) return InvalidArgumentError("the head of an HTTP message is longer than 256 KiB");
    if (line.empty()) return head;
    AddField(line, head);
  }
  head.bytes = message.size();
  return head;
}

HttpBody DecodeChunks(std::string_view bytes, size_t max_bytes) {
  HttpBody out;
  std::string_view rest = bytes;
  for (bool first = true;; first = false) {
    size_t size = 0;
    out.is_short = rest.empty();
    if (!ChunkSize(TakeLine(rest), size)) {
      if (first) return AsItIs(bytes, max_bytes);
      out.is_damaged = true;
      return out;
    }
    if (size == 0) return out;
    const std::string_view chunk = rest.substr(0, size);
    const size_t kept = std::min(chunk.size(), max_bytes - out.bytes.size());
    out.bytes.append(chunk.substr(0, kept));
    rest.remove_prefix(chunk.size());
    out.is_cut = kept < chunk.size();
    out.is_short = chunk.size() < size;
    out.is_damaged = out.is_short || !TakeLine(rest).empty();
    if (out.is_cut || out.is_damaged) return out;
  }
}

HttpBody DecodeHttpBody(const HttpHead& head, std::string_view body, size_t max_bytes) {
  std::string codings = head.FindAll("Content-Encoding");
  const std::string transfer = head.FindAll("Transfer-Encoding");
  HttpBody chunks;
  if (HasChunks(transfer)) {
    chunks = DecodeChunks(body, max_bytes);
    body = chunks.bytes;
  }
  if (!transfer.empty()) codings.append(codings.empty() ? "" : ", ").append(transfer);
  HttpBody out;
  const CodingResult result = UndoCodings(codings, body, max_bytes, out.bytes);
  out.is_cut = chunks.is_cut || result.problem == CodingProblem::kOverLimit;
  out.is_damaged = chunks.is_damaged || result.problem == CodingProblem::kDamaged || result.problem == CodingProblem::kCutShort ||
                   result.problem == CodingProblem::kNoMemory;
  out.unknown_coding = result.unsupported;
  out.is_short = chunks.is_short || (!chunks.is_damaged && result.problem == CodingProblem::kCutShort);
  out.is_bomb = !chunks.is_cut && result.problem == CodingProblem::kOverLimit && body.size() <= max_bytes;
  return out;
}

}  // namespace sakuin
