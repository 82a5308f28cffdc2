#include "keyword_linker/keyword_linker.h"

#include <algorithm>
#include <utility>

namespace sakuin::keyword_linker {
namespace {

constexpr size_t kPieceBytes = 4 * text::kStretchBytes;
constexpr size_t kContext = 64;  // units before a link that say whether it may begin

}  // namespace

Entry Link::EntryFor(std::string_view text) const {
  const uint32_t first = from->FirstEntry(keyword);
  for (uint32_t i = first; i < from->EndEntry(keyword) && from->priority(i) == from->priority(first); ++i) {
    if (const Entry entry = from->entry(i); entry.keyword == text) return entry;
  }
  return from->entry(first);
}

LinkStream::LinkStream(const std::vector<DictionaryView>& dictionaries, const LinkOptions& options, Sink sink)
    : options_(options), sink_(std::move(sink)), units_(options.paragraphs) {
  for (uint32_t i = 0; i < dictionaries.size(); ++i) {
    for (const DictionaryLayer& layer : dictionaries[i].layers()) sources_.push_back({layer, i});
  }
  for (const Source& source : sources_) {
    std::unordered_set<uint32_t> without;
    for (const std::string& word : options_.stop) {
      if (const std::optional<uint32_t> number = source.layer.dictionary->Find(word)) without.insert(*number);
    }
    scanners_.emplace_back(source.layer, options_.boundaries, std::move(without));
  }
}

void LinkStream::FeedVerbatim(std::string_view text, uint64_t start) {
  if (text.empty()) return;
  map_.AddVerbatim(text.size(), start);
  Feed(text, start + text.size());
}

void LinkStream::FeedDecoded(std::string_view text, uint64_t start, uint64_t end) {
  if (text.empty()) return;
  map_.AddDecoded(text.size(), start, end);
  Feed(text, end);
}

void LinkStream::Feed(std::string_view text, uint64_t source_end) {
  source_end_ = source_end;
  for (; !text.empty(); text.remove_prefix(std::min(text.size(), kPieceBytes))) {
    text_.append(text.substr(0, kPieceBytes));
    ReadWholeStretches();
  }
}

void LinkStream::Seam(bool linked) { seams_.push_back({map_.size(), linked}); }

void LinkStream::Finish() {
  size_t at = 0;
  do {
    at = ReadStretch(at, true);
  } while (at < text_.size());
  text_.clear();
  seams_.clear();
  linked_ = true;
  units_.Clear();
  scanned_ = chosen_ = 0;
  decided_ = source_end_;
  for (KeywordScanner& scanner : scanners_) scanner.Restart();
}

// All but an end that may go on.
void LinkStream::ReadWholeStretches() {
  size_t at = 0;
  while (text_.size() - at > 2 * text::kStretchBytes) at = ReadStretch(at, false);
  text_.erase(0, at);
}

// Appends the units of what follows, and of the seams in it.
void LinkStream::Fold(std::string_view text) {
  const uint64_t end = text_begins_ + text.size();
  while (!text.empty()) {
    for (; !seams_.empty() && seams_.front().at == text_begins_; seams_.pop_front()) {
      units_.AppendSeam(map_.StartOf(text_begins_));
      linked_ = seams_.front().linked;
    }
    const uint64_t stop = seams_.empty() ? end : std::min(end, seams_.front().at);
    const size_t bytes = stop - text_begins_;
    const size_t first = units_.size();
    units_.Append(text.substr(0, bytes), text_begins_, map_);
    if (!linked_) units_.DoNotLinkFrom(first);
    text.remove_prefix(bytes);
    text_begins_ = stop;
  }
}

// That of text_ from `at` on. Returns where the next one begins.
size_t LinkStream::ReadStretch(size_t at, bool last) {
  const size_t text_end = text::StretchEnd(text::CodePointTable::For(text::FoldKind::kPlain), text_, at, text::kStretchBytes);
  Fold(std::string_view(text_).substr(at, text_end - at));
  last = last && text_end == text_.size();
  const size_t to = last ? units_.size() : std::max(scanned_, units_.size() - std::min(units_.size(), kLookAhead));
  starts_.clear();
  AppendStarts({units_.data(), units_.size()}, scanned_, to, options_.boundaries, starts_);
  size_t known = to;
  for (uint32_t i = 0; i < scanners_.size(); ++i) {
    scanners_[i].Read({units_.data(), units_.size()}, scanned_, to, starts_, [this, i](const Occurrence& found) { OfferLong(found, i); });
    known = std::min(known, scanners_[i].known());
  }
  scanned_ = to;
  Choose(known);
  if (known < units_.size()) decided_ = units_[known].start;
  Drop(known - std::min(known, kContext), known);
  return text_end;
}

void LinkStream::OfferLong(const Occurrence& found, uint32_t source) {
  const Best offered{found.end, found.keyword, source};
  if (options_.kind == MatchKind::kAll) return Give(found.first, offered);
  Best& best = long_[found.first];
  if (IsBetter(offered, best)) best = offered;
}

// The first place from `start` on where a link may begin, or SIZE_MAX.
size_t LinkStream::NextFrom(size_t start) const {
  size_t next = SIZE_MAX;
  for (const KeywordScanner& scanner : scanners_) next = std::min(next, scanner.NextFrom(start));
  if (long_.empty()) return next;
  const auto found = long_.lower_bound(static_cast<uint32_t>(start));
  return found == long_.end() ? next : std::min<size_t>(next, found->first);
}

LinkStream::Best LinkStream::BestAt(uint32_t start) const {
  Best best;
  if (const auto found = long_.find(start); found != long_.end()) best = found->second;
  for (uint32_t i = 0; i < scanners_.size(); ++i) {
    const auto offer = [&](const Occurrence& found) {
      const Best offered{found.end, found.keyword, i};
      if (found.end > 0 && IsBetter(offered, best)) best = offered;
      return true;
    };
    if (options_.kind == MatchKind::kLongest) {
      offer(scanners_[i].LongestAt({units_.data(), units_.size()}, start));
    } else {
      scanners_[i].VisitAt({units_.data(), units_.size()}, start, offer);
    }
  }
  return best;
}

int32_t LinkStream::PriorityOf(const Best& best) const {
  const Dictionary& from = *sources_[best.source].layer.dictionary;
  return from.priority(from.FirstEntry(best.keyword));
}

// The earlier dictionary wins where nothing else decides; two layers of one never have the same keyword.
bool LinkStream::IsBetter(const Best& best, const Best& than) const {
  if (than.end == 0) return true;
  const bool longer = best.end > than.end;
  if (options_.kind == MatchKind::kLongest && best.end != than.end) return longer;
  const int32_t priority = PriorityOf(best);
  const int32_t other = PriorityOf(than);
  if (priority != other) return priority > other;
  return best.end != than.end ? longer : best.source < than.source;
}

// From the left, for all that begins before `end`.
void LinkStream::Choose(size_t end) {
  for (size_t at = NextFrom(chosen_); at < end; at = NextFrom(chosen_)) {
    chosen_ = at + 1;
    const uint32_t start = static_cast<uint32_t>(at);
    if (options_.kind == MatchKind::kAll) {
      GiveAll(start);
    } else if (const Best best = BestAt(start); best.end != 0) {
      Give(start, best);
      chosen_ = best.end;
    }
  }
  chosen_ = std::max(chosen_, end);
  long_.erase(long_.begin(), long_.lower_bound(static_cast<uint32_t>(end)));
}

void LinkStream::GiveAll(uint32_t start) {
  all_.clear();
  for (uint32_t i = 0; i < scanners_.size(); ++i) {
    scanners_[i].VisitAt({units_.data(), units_.size()}, start, [&](const Occurrence& found) {
      all_.push_back({found.end, found.keyword, i});
      return true;
    });
  }
  if (scanners_.size() > 1) {
    std::stable_sort(all_.begin(), all_.end(), [](const Best& a, const Best& b) { return a.end > b.end; });
  }
  for (const Best& each : all_) Give(start, each);
}

void LinkStream::Give(size_t first, const Best& chosen) {
  if (options_.most_links > 0 && links_ == options_.most_links) return;
  if (options_.most_per_keyword > 0 && ++links_of_[uint64_t{chosen.source} << 32 | chosen.keyword] > options_.most_per_keyword) return;
  ++links_;
  const Source& source = sources_[chosen.source];
  sink_({units_[first].start, units_[chosen.end - 1].end(), source.dictionary, chosen.keyword, source.layer.dictionary.get()});
}

void LinkStream::Drop(size_t count, size_t needed) {
  units_.RemoveFirst(count);
  std::map<uint32_t, Best> moved;
  for (const auto& [start, best] : long_) moved.emplace_hint(moved.end(), start - count, Best{best.end - static_cast<uint32_t>(count), best.keyword, best.source});
  long_ = std::move(moved);
  for (KeywordScanner& scanner : scanners_) scanner.Drop(count, needed);
  scanned_ -= count;
  chosen_ -= count;
}

}  // namespace sakuin::keyword_linker
