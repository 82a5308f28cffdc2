#include "crawler/page_keeper.h"

#include <algorithm>

#include "crawler/page_fingerprint.h"

namespace sakuin::crawler {
namespace {

constexpr uint32_t kMostCanonicalHops = 5;  // a page that names one that names one ...

// Whether a page that was stored is none any more, whatever its revisits say.
bool IsNoPage(Outcome outcome) {
  switch (outcome) {
    case Outcome::kDuplicate:
    case Outcome::kNoIndex:
    case Outcome::kListing:
    case Outcome::kUnreadable:
    case Outcome::kGone: return true;
    default: return false;
  }
}

constexpr const char* kWhatIsLost =
    "a page whose text is in the index already may come once more under another address; nothing else is lost, and the crawl goes on";

std::string WhatIsMissing(bool was_there, uint64_t expected, uint64_t found) {
  const std::string pages = "expected fingerprints of " + std::to_string(expected) + " pages";
  return was_there ? "cut off: " + pages + ", found " + std::to_string(found) : "missing: " + pages;
}

// What was seen, or nothing when its file is damaged: that is put aside. `noted`: how many pages it should have at least.
Result<std::unique_ptr<DuplicateDetector>> OpenDuplicates(FileSystem& fs, const std::string& path, Duplicates wanted,
                                                          uint64_t noted, std::vector<std::string>& warnings) {
  const DuplicateOptions options = {.near = wanted == Duplicates::kNear};
  const bool was_there = fs.Exists(path);
  Result<std::unique_ptr<DuplicateDetector>> opened = DuplicateDetector::Open(fs, path, options);
  if (opened.status().code() == StatusCode::kDataLoss) {
    const std::string aside = path + ".damaged";
    RETURN_IF_ERROR(fs.Rename(path, aside));
    warnings.push_back(std::string(opened.status().message()) + "; it is now " + aside + ", and begun anew: " + kWhatIsLost);
    return DuplicateDetector::Open(fs, path, options);
  }
  if (!opened.ok() || (*opened)->pages() >= noted) return opened;
  warnings.push_back(path + ": " + WhatIsMissing(was_there, noted, (*opened)->pages()) + ": " + kWhatIsLost);
  return opened;
}

}  // namespace

std::optional<PageRecord> Before(const LeasedUrl& leased) {
  if (!leased.known) return std::nullopt;
  const Result<PageRecord> record = DecodePageRecord(leased.metadata);
  return record.ok() ? std::optional<PageRecord>(*record) : std::nullopt;
}

Result<std::unique_ptr<PageKeeper>> PageKeeper::Open(FileSystem& fs, const std::string& folder, DiskFrontier& frontier, PageSink* sink,
                                                     Duplicates duplicates, std::vector<std::string>& warnings) {
  const std::string index = sink == nullptr ? std::string() : sink->name();
  ASSIGN_OR_RETURN(PageNotes notes, PageNotes::Open(frontier, index, sink != nullptr && sink->is_new()));
  if (sink != nullptr && notes.found_others()) {
    warnings.push_back(index + " holds documents that this crawl did not bring: they stay, also those of pages that are gone, until 'sakuin delete' " +
                       "removes them");
  }
  ASSIGN_OR_RETURN(const uint64_t noted, PageNotes::Fingerprints(frontier));
  ASSIGN_OR_RETURN(std::unique_ptr<DuplicateDetector> seen, OpenDuplicates(fs, JoinPath(folder, "texts"), duplicates, noted, warnings));
  return std::unique_ptr<PageKeeper>(new PageKeeper(frontier, std::move(notes), std::move(seen), noted, sink, duplicates == Duplicates::kKeep));
}

Result<std::optional<PageRecord>> PageKeeper::CheckedBefore(const LeasedUrl& leased) {
  std::optional<PageRecord> before = Before(leased);
  if (!before.has_value() || before->listing) return before;  // no listing is in an index
  ASSIGN_OR_RETURN(const std::optional<StoredPage> stored, notes_.FindStored(NumberOf(leased.url)));
  before->stored = stored.has_value();
  const uint64_t stored_hash = stored.has_value() ? stored->content_hash : 0;
  if (!stored.has_value() || stored_hash != before->content_hash) {  // it must come whole
    before->content_hash = stored_hash;
    before->etag.clear();
    before->last_modified.clear();
  }
  return before;
}

Status PageKeeper::Keep(const LeasedUrl& leased, const std::optional<PageRecord>& before, NextVisit& next, PageVisit& visit) {
  const bool was_stored = before.has_value() && before->stored;
  if (visit.outcome == Outcome::kStored && was_stored && next.fate == PageFate::kKeep) visit.outcome = Outcome::kNotModified;
  if (visit.outcome == Outcome::kStored) RETURN_IF_ERROR(Store(leased, visit));
  if (visit.outcome == Outcome::kStored) {
    next.record.stored = true;
    if (next.fate == PageFate::kDate) {
      visit.outcome = Outcome::kNotModified;
    } else if (visit.canonical.has_value()) {
      newly_stored_.insert(NumberOf(leased.url));
    }
    return OkStatus();
  }
  const bool leaves = was_stored && (next.fate == PageFate::kDelete || IsNoPage(visit.outcome));
  next.record.stored = was_stored && !leaves;
  return leaves ? Remove(leased.url) : OkStatus();
}

Status PageKeeper::Store(const LeasedUrl& leased, PageVisit& visit) {
  const TextFingerprint fingerprint = FingerprintOf(visit.page, visit.bytes);
  ASSIGN_OR_RETURN(const std::optional<StoredPage> before, notes_.FindStored(NumberOf(leased.url)));
  bool is_remembered = keeps_duplicates_ && before.has_value() && before->text == fingerprint.content;
  if (visit.canonical.has_value()) RETURN_IF_ERROR(FollowCanonical(leased, visit));
  if (visit.outcome == Outcome::kStored && !keeps_duplicates_) RETURN_IF_ERROR(FindOriginal(leased, fingerprint, is_remembered, visit));
  if (visit.outcome != Outcome::kStored) return OkStatus();
  const Status put = sink_ == nullptr ? OkStatus() : sink_->Put(visit.page);
  if (put.code() == StatusCode::kInvalidArgument) {
    visit.outcome = Outcome::kUnreadable;
    visit.why = std::string(put.message());
    return OkStatus();
  }
  RETURN_IF_ERROR(put);
  if (!is_remembered) duplicates_->Add(fingerprint, NumberOf(leased.url));
  RETURN_IF_ERROR(NoteStored(leased, before, fingerprint, visit));
  return TakeOver(NumberOf(leased.url), leased.url);
}

// It gives way at once to a canonical page that is stored; else that one is asked for.
Status PageKeeper::FollowCanonical(const LeasedUrl& leased, PageVisit& visit) {
  const std::string& canonical = visit.canonical->url;
  ASSIGN_OR_RETURN(const std::optional<StoredPage> stored, notes_.FindStored(NumberOf(canonical)));
  if (stored.has_value()) return GiveWay(leased, GaveWay::kCanonical, canonical, "another is its canonical address", visit);
  NamingPage naming{.url = leased.url, .hops = 1};
  ASSIGN_OR_RETURN(const std::vector<NamingPage> pages, notes_.Naming(NumberOf(leased.url)));
  for (const NamingPage& page : pages) naming.hops = std::max(naming.hops, page.hops + 1);
  if (naming.hops > kMostCanonicalHops) return OkStatus();
  visit.links.push_back(*visit.canonical);
  return notes_.PutNaming(NumberOf(canonical), naming);
}

// A stored page with the same text and name, or nearly the same text. `is_remembered`: this page's own text is known already.
Status PageKeeper::FindOriginal(const LeasedUrl& leased, const TextFingerprint& fingerprint, bool& is_remembered, PageVisit& visit) {
  const uint64_t self = NumberOf(leased.url);
  std::string original;
  Status status;
  const auto counts = [&](const TextFingerprint& other, uint64_t page) {
    is_remembered = is_remembered || (page == self && other.content == fingerprint.content);
    if (page == self || !status.ok()) return false;
    const Result<std::optional<StoredPage>> stored = notes_.FindStored(page);
    status = stored.status();
    if (!stored.ok() || !stored->has_value()) return false;
    const StoredPage& found = **stored;
    if (!(found.text == other.content) || found.canonical == self) return false;
    original = found.url;
    return true;
  };
  const DuplicateVerdict verdict = duplicates_->Find(fingerprint, counts);
  RETURN_IF_ERROR(status);
  if (verdict.kind == DuplicateKind::kNone) return OkStatus();
  return GiveWay(leased, GaveWay::kSameText, original, verdict.kind == DuplicateKind::kExact ? "the same text" : "nearly the same text", visit);
}

Status PageKeeper::GiveWay(const LeasedUrl& leased, GaveWay why, const std::string& other, std::string words, PageVisit& visit) {
  visit.outcome = Outcome::kDuplicate;
  visit.why = std::move(words);
  visit.target = other;
  return notes_.PutGivenUp(why, NumberOf(other), leased.url);
}

Status PageKeeper::NoteStored(const LeasedUrl& leased, const std::optional<StoredPage>& before, const TextFingerprint& fingerprint,
                              const PageVisit& visit) {
  const uint64_t self = NumberOf(leased.url);
  if (before.has_value() && !(before->text == fingerprint.content)) RETURN_IF_ERROR(MakeDue(GaveWay::kSameText, self));
  StoredPage stored;
  stored.url = leased.url;
  stored.content_hash = visit.content_hash;
  stored.text = fingerprint.content;
  if (visit.canonical.has_value()) stored.canonical = NumberOf(visit.canonical->url);
  return notes_.PutStored(self, stored);
}

// Those that name it leave: it is there now. What gave way to them gave way to it.
Status PageKeeper::TakeOver(uint64_t self, const std::string& url) {
  ASSIGN_OR_RETURN(const std::vector<NamingPage> pages, notes_.Naming(self));
  for (const NamingPage& page : pages) {
    const uint64_t number = NumberOf(page.url);
    ASSIGN_OR_RETURN(const std::optional<StoredPage> stored, notes_.FindStored(number));
    if (!stored.has_value() || stored->canonical != self || page.url == url) continue;
    if (sink_ != nullptr) RETURN_IF_ERROR(sink_->Remove(page.url));
    RETURN_IF_ERROR(notes_.DeleteStored(number));
    RETURN_IF_ERROR(notes_.PutGivenUp(GaveWay::kCanonical, self, page.url));
    ASSIGN_OR_RETURN(const std::vector<std::string> others, notes_.TakeGivenUp(GaveWay::kSameText, number));
    for (const std::string& other : others) {
      if (other != url) RETURN_IF_ERROR(notes_.PutGivenUp(GaveWay::kSameText, self, other));
    }
    gave_way_ += newly_stored_.erase(number);
  }
  return pages.empty() ? OkStatus() : notes_.DeleteNaming(self);
}

Status PageKeeper::Remove(const std::string& url) {
  if (sink_ != nullptr) RETURN_IF_ERROR(sink_->Remove(url));
  const uint64_t self = NumberOf(url);
  RETURN_IF_ERROR(notes_.DeleteStored(self));
  RETURN_IF_ERROR(MakeDue(GaveWay::kSameText, self));
  return MakeDue(GaveWay::kCanonical, self);
}

Status PageKeeper::MakeDue(GaveWay why, uint64_t other) {
  ASSIGN_OR_RETURN(std::vector<std::string> urls, notes_.TakeGivenUp(why, other));
  std::move(urls.begin(), urls.end(), std::back_inserter(due_));
  return OkStatus();
}

Status PageKeeper::Sync() {
  if (sink_ != nullptr) RETURN_IF_ERROR(sink_->Sync());
  RETURN_IF_ERROR(duplicates_->Sync());
  if (noted_ == duplicates_->pages()) return OkStatus();
  noted_ = duplicates_->pages();
  return PageNotes::PutFingerprints(frontier_, noted_);
}

}  // namespace sakuin::crawler
