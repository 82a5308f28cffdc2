// Keys: a letter, the epoch of the index, the number of a page, and a URL where many stand behind one page.
//
//   s  stored           content hash, text, canonical, URL
//   t  same text        nothing
//   c  canonical        nothing
//   n  naming           hops
//   i  INDEX            epoch
//   r                   time
//   p  (no epoch)       seconds, of a page
//   f                   how many pages the file of fingerprints has
//
// Others, of one run: run_notes.h.

#include "crawler/page_notes.h"

#include "base/bytes.h"
#include "base/checksum.h"

namespace sakuin::crawler {
namespace {

constexpr char kStored = 's';
constexpr char kNaming = 'n';
constexpr char kIndex = 'i';
constexpr std::string_view kRecrawl = "r";
constexpr std::string_view kListedDate = "p";
constexpr std::string_view kFingerprints = "f";

Status Unreadable() { return DataLossError("a note of the crawl cannot be read; restore the state of the crawl from a copy, or begin a new one"); }

std::string EpochNow(const std::string& index) {
  std::string epoch;
  AppendU64(epoch, Checksum(index + ' ' + std::to_string(std::chrono::system_clock::now().time_since_epoch().count())));
  return epoch;
}

std::string KeyOfListedDate(uint64_t page) {
  std::string key(kListedDate);
  AppendU64(key, page);
  return key;
}

}  // namespace

uint64_t NumberOf(std::string_view url) { return Checksum(url); }

Result<PageNotes> PageNotes::Open(DiskFrontier& frontier, const std::string& index, bool is_new) {
  const std::string key = kIndex + index;
  std::string epoch;
  ASSIGN_OR_RETURN(const bool found, frontier.ReadNote(key, epoch));
  if (!found || is_new) {
    epoch = EpochNow(index);
    RETURN_IF_ERROR(frontier.PutNote(key, epoch));
  }
  ByteReader in(epoch);
  const uint64_t number = in.ReadU64();
  if (!in.ok() || !in.AtEnd()) return Unreadable();
  PageNotes notes(frontier, number);
  notes.found_others_ = !found && !is_new;
  RETURN_IF_ERROR(notes.FindNamed());
  return notes;
}

Status PageNotes::FindNamed() {
  std::string prefix(1, kNaming);
  AppendU64(prefix, epoch_);
  return frontier_->ScanNotes(prefix, [&](std::string_view key, std::string_view) {
    ByteReader in(key.substr(prefix.size()));
    named_[in.ReadU64() % kNamedBits] = true;
    return true;
  });
}

std::string PageNotes::KeyOf(char kind, uint64_t page) const {
  std::string key(1, kind);
  AppendU64(key, epoch_);
  AppendU64(key, page);
  return key;
}

Result<std::optional<StoredPage>> PageNotes::FindStored(uint64_t page) {
  std::string bytes;
  ASSIGN_OR_RETURN(const bool found, frontier_->ReadNote(KeyOf(kStored, page), bytes));
  if (!found) return std::optional<StoredPage>();
  ByteReader in(bytes);
  StoredPage stored;
  stored.content_hash = in.ReadU64();
  stored.text.low = in.ReadU64();
  stored.text.high = in.ReadU64();
  stored.canonical = in.ReadU64();
  stored.url = in.ReadBytes(in.remaining());
  if (!in.ok()) return Unreadable();
  return std::optional<StoredPage>(std::move(stored));
}

Status PageNotes::PutStored(uint64_t page, const StoredPage& stored) {
  std::string bytes;
  AppendU64(bytes, stored.content_hash);
  AppendU64(bytes, stored.text.low);
  AppendU64(bytes, stored.text.high);
  AppendU64(bytes, stored.canonical);
  bytes += stored.url;
  return frontier_->PutNote(KeyOf(kStored, page), bytes);
}

Status PageNotes::DeleteStored(uint64_t page) { return frontier_->DeleteNote(KeyOf(kStored, page)); }

Status PageNotes::PutGivenUp(GaveWay why, uint64_t other, std::string_view url) {
  return frontier_->PutNote(KeyOf(static_cast<char>(why), other).append(url), {});
}

Result<std::vector<std::string>> PageNotes::TakeGivenUp(GaveWay why, uint64_t other) {
  ASSIGN_OR_RETURN(const std::vector<NamingPage> pages, List(static_cast<char>(why), other));
  RETURN_IF_ERROR(DeleteAll(static_cast<char>(why), other, pages));
  std::vector<std::string> urls;
  urls.reserve(pages.size());
  for (const NamingPage& page : pages) urls.push_back(page.url);
  return urls;
}

Status PageNotes::PutNaming(uint64_t canonical, const NamingPage& page) {
  std::string hops;
  AppendVarint(hops, page.hops);
  named_[canonical % kNamedBits] = true;
  return frontier_->PutNote(KeyOf(kNaming, canonical).append(page.url), hops);
}

Result<std::vector<NamingPage>> PageNotes::Naming(uint64_t canonical) {
  if (!named_[canonical % kNamedBits]) return std::vector<NamingPage>();
  return List(kNaming, canonical);
}

Status PageNotes::DeleteNaming(uint64_t canonical) {
  ASSIGN_OR_RETURN(const std::vector<NamingPage> pages, List(kNaming, canonical));
  return DeleteAll(kNaming, canonical, pages);
}

Result<std::vector<NamingPage>> PageNotes::List(char kind, uint64_t page) {
  const std::string prefix = KeyOf(kind, page);
  std::vector<NamingPage> pages;
  bool sound = true;
  RETURN_IF_ERROR(frontier_->ScanNotes(prefix, [&](std::string_view key, std::string_view value) {
    NamingPage& listed = pages.emplace_back();
    listed.url = key.substr(prefix.size());
    if (value.empty()) return true;
    ByteReader in(value);
    listed.hops = in.ReadVarint32();
    sound = sound && in.ok();
    return sound;
  }));
  if (!sound) return Unreadable();
  return pages;
}

Status PageNotes::DeleteAll(char kind, uint64_t page, const std::vector<NamingPage>& pages) {
  for (const NamingPage& listed : pages) RETURN_IF_ERROR(frontier_->DeleteNote(KeyOf(kind, page).append(listed.url)));
  return OkStatus();
}

Result<std::optional<int64_t>> PageNotes::ListedDateOf(DiskFrontier& frontier, uint64_t page) {
  std::string bytes;
  ASSIGN_OR_RETURN(const bool found, frontier.ReadNote(KeyOfListedDate(page), bytes));
  if (!found) return std::optional<int64_t>();
  ByteReader in(bytes);
  const int64_t seconds = UnZigZag(in.ReadVarint());
  if (!in.ok() || !in.AtEnd()) return Unreadable();
  return std::optional<int64_t>(seconds);
}

Status PageNotes::PutListedDate(DiskFrontier& frontier, uint64_t page, int64_t seconds) {
  std::string bytes;
  AppendVarint(bytes, ZigZag(seconds));
  return frontier.PutNote(KeyOfListedDate(page), bytes);
}

Result<bool> PageNotes::HasListedDates(DiskFrontier& frontier) {
  bool has = false;
  RETURN_IF_ERROR(frontier.ScanNotes(kListedDate, [&has](std::string_view, std::string_view) { return !(has = true); }));
  return has;
}

Result<uint64_t> PageNotes::Fingerprints(DiskFrontier& frontier) {
  std::string bytes;
  ASSIGN_OR_RETURN(const bool found, frontier.ReadNote(kFingerprints, bytes));
  if (!found) return uint64_t{0};
  ByteReader in(bytes);
  const uint64_t pages = in.ReadVarint();
  if (!in.ok() || !in.AtEnd()) return Unreadable();
  return pages;
}

Status PageNotes::PutFingerprints(DiskFrontier& frontier, uint64_t pages) {
  std::string bytes;
  AppendVarint(bytes, pages);
  return frontier.PutNote(kFingerprints, bytes);
}

Result<std::optional<Time>> PageNotes::RecrawlBegan(DiskFrontier& frontier) {
  std::string bytes;
  ASSIGN_OR_RETURN(const bool found, frontier.ReadNote(kRecrawl, bytes));
  if (!found) return std::optional<Time>();
  ByteReader in(bytes);
  const Time began{Duration(UnZigZag(in.ReadVarint()))};
  if (!in.ok() || !in.AtEnd()) return Unreadable();
  return std::optional<Time>(began);
}

Status PageNotes::PutRecrawl(DiskFrontier& frontier, std::optional<Time> began) {
  if (!began.has_value()) return frontier.DeleteNote(kRecrawl);
  std::string bytes;
  AppendVarint(bytes, ZigZag(began->time_since_epoch().count()));
  return frontier.PutNote(kRecrawl, bytes);
}

}  // namespace sakuin::crawler
