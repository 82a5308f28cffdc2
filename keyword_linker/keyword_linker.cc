#include "keyword_linker/keyword_linker.h"

#include <algorithm>
#include <utility>

namespace sakuin::keyword_linker {
namespace {

constexpr size_t kContext = 64;  // units before a link that say whether it may begin

}  // namespace

LinkStream::LinkStream(const std::vector<DictionaryView>& dictionaries, const LinkOptions& options, Sink sink)
    : options_(options), sink_(std::move(sink)), several_(dictionaries.size() > 1) {
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
  text_.append(text);
  map_.AddVerbatim(text.size(), start);
  source_end_ = start + text.size();
  ReadStretches(false);
}

void LinkStream::FeedDecoded(std::string_view text, uint64_t start, uint64_t end) {
  if (text.empty()) return;
  text_.append(text);
  map_.AddDecoded(text.size(), start, end);
  source_end_ = end;
  ReadStretches(false);
}

void LinkStream::Finish() {
  ReadStretches(true);
  units_.Clear();
  best_.clear();
  scanned_ = chosen_ = 0;
  decided_ = source_end_;
  for (KeywordScanner& scanner : scanners_) scanner.Restart();
}

void LinkStream::ReadStretches(bool last) {
  size_t at = 0;
  while (text_.size() - at > (last ? 0 : 2 * text::kStretchBytes)) {
    const size_t end = text::StretchEnd(text::CodePointTable::For(text::FoldKind::kPlain), text_, at, text::kStretchBytes);
    ReadStretch(std::string_view(text_).substr(at, end - at), last && end == text_.size());
    at = end;
  }
  text_.erase(0, at);
  if (last && text_.empty() && !units_.empty()) ReadStretch({}, true);
}

void LinkStream::ReadStretch(std::string_view text, bool last) {
  units_.Append(text, text_begins_, map_);
  text_begins_ += text.size();
  best_.resize(units_.size());
  const size_t to = last ? units_.size() : std::max(scanned_, units_.size() - std::min(units_.size(), kLookAhead));
  uint32_t depth = 0;
  for (uint32_t i = 0; i < scanners_.size(); ++i) {
    scanners_[i].Scan({units_.data(), units_.size()}, scanned_, to, [this, i](const Occurrence& found) { Offer(found, i); });
    depth = std::max(depth, scanners_[i].Depth());
  }
  scanned_ = to;
  Choose(last ? units_.size() : to - std::min<size_t>(to, depth));
  if (chosen_ < units_.size()) decided_ = units_[chosen_].start;
  const size_t open = std::min(chosen_, to - std::min<size_t>(to, depth));
  if (open > kContext) Drop(open - kContext);
}

void LinkStream::Offer(const Occurrence& found, uint32_t source) {
  const Dictionary& from = *sources_[source].layer.dictionary;
  Best best{found.end, found.keyword, source, 0};
  if (options_.kind == MatchKind::kAll) return Give(found.first, best);
  if (options_.kind == MatchKind::kFirst || several_) best.priority = from.entry(from.FirstEntry(found.keyword)).priority;
  if (found.first >= chosen_ && IsBetter(best, best_[found.first])) best_[found.first] = best;
}

// The earlier dictionary wins where nothing else decides; two layers of one never have the same keyword.
bool LinkStream::IsBetter(const Best& best, const Best& than) const {
  if (than.end == 0) return true;
  if (options_.kind == MatchKind::kFirst && best.priority != than.priority) return best.priority > than.priority;
  if (best.end != than.end) return best.end > than.end;
  return best.priority != than.priority ? best.priority > than.priority : best.source < than.source;
}

// From the left, for all that begins before `end`.
void LinkStream::Choose(size_t end) {
  if (options_.kind == MatchKind::kAll) {
    chosen_ = std::max(chosen_, end);
    return;
  }
  while (chosen_ < end) {
    const Best best = best_[chosen_];
    if (best.end == 0) {
      ++chosen_;
      continue;
    }
    Give(chosen_, best);
    chosen_ = best.end;
  }
}

void LinkStream::Give(size_t first, const Best& chosen) {
  if (options_.most_links > 0 && links_ == options_.most_links) return;
  const Source& source = sources_[chosen.source];
  const Dictionary& from = *source.layer.dictionary;
  const uint32_t entry = from.FirstEntry(chosen.keyword);
  if (options_.most_per_keyword > 0 && ++links_of_[uint64_t{chosen.source} << 32 | entry] > options_.most_per_keyword) return;
  ++links_;
  sink_({units_[first].start, units_[chosen.end - 1].end(), from.entry(entry), source.dictionary});
}

void LinkStream::Drop(size_t count) {
  units_.RemoveFirst(count);
  best_.erase(best_.begin(), best_.begin() + static_cast<std::ptrdiff_t>(count));
  for (Best& best : best_) {
    if (best.end > 0) best.end -= static_cast<uint32_t>(count);
  }
  scanned_ -= count;
  chosen_ -= count;
}

}  // namespace sakuin::keyword_linker
