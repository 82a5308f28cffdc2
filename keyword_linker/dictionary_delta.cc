#include "keyword_linker/dictionary_delta.h"

#include <algorithm>
#include <optional>

#include "keyword_linker/dictionary_builder.h"

namespace sakuin::keyword_linker {
namespace {

constexpr size_t kGrowth = 4;
// Levels below this are one: building it costs what building the smallest does.
constexpr size_t kSmallLevel = 1024;

std::u32string Folded(std::string_view keyword) {
  FoldedUnits units;
  units.Append(keyword);
  std::u32string folded;
  for (size_t i = 0; i < units.size(); ++i) folded.push_back(units[i].code_point);
  return folded;
}

std::shared_ptr<KeywordSet> CopyOf(const std::shared_ptr<KeywordSet>& hidden, uint32_t keywords) {
  return hidden == nullptr ? std::make_shared<KeywordSet>(keywords) : std::make_shared<KeywordSet>(*hidden);
}

}  // namespace

DictionaryDelta::DictionaryDelta(std::shared_ptr<const Dictionary> base) : base_(std::move(base)), entries_(base_->entries()) {}

// The keyword as it is now.
std::optional<Entry> DictionaryDelta::Now(const std::u32string& folded, std::string_view keyword) const {
  if (const auto found = changed_.find(folded); found != changed_.end()) {
    for (const OwnedEntry& entry : found->second.entries) {
      if (entry.keyword == keyword) return Entry{entry.keyword, entry.target, entry.priority};
    }
    return std::nullopt;
  }
  const std::optional<uint32_t> number = base_->Find(keyword);
  if (!number.has_value()) return std::nullopt;
  for (uint32_t i = base_->FirstEntry(*number); i < base_->EndEntry(*number); ++i) {
    if (const Entry entry = base_->entry(i); entry.keyword == keyword) return entry;
  }
  return std::nullopt;
}

// The folded keyword, with what the base has of it where it was not here yet.
DictionaryDelta::Changed& DictionaryDelta::Take(std::u32string folded, std::string_view keyword) {
  const auto [at, is_new] = changed_.try_emplace(std::move(folded));
  Changed& changed = at->second;
  if (!changed.fresh) fresh_.push_back(&changed);
  changed.fresh = true;
  if (!is_new) return changed;
  changed.spelling = keyword;
  const std::optional<uint32_t> number = base_->Find(keyword);
  if (!number.has_value()) return changed;
  for (uint32_t i = base_->FirstEntry(*number); i < base_->EndEntry(*number); ++i) {
    const Entry entry = base_->entry(i);
    changed.entries.push_back({std::string(entry.keyword), std::string(entry.target), entry.priority});
  }
  if (base_hidden_ == nullptr || base_hidden_shared_) base_hidden_ = CopyOf(base_hidden_, base_->keywords());
  base_hidden_shared_ = false;
  base_hidden_->Insert(*number);
  return changed;
}

bool DictionaryDelta::Apply(const KeywordChange& change) {
  const Entry& entry = change.entry;
  const bool is_add = change.kind == ChangeKind::kAdd;
  const std::string_view target = entry.target.empty() ? entry.keyword : entry.target;
  std::u32string folded = Folded(entry.keyword);
  const std::optional<Entry> now = Now(folded, entry.keyword);
  if (is_add ? now.has_value() && now->target == target && now->priority == entry.priority : !now.has_value()) return false;

  Changed& changed = Take(std::move(folded), entry.keyword);
  if (now.has_value()) {
    std::erase_if(changed.entries, [&](const OwnedEntry& each) { return each.keyword == entry.keyword; });
    --entries_;
  }
  if (is_add) {
    changed.entries.push_back({std::string(entry.keyword), std::string(target), entry.priority});
    ++entries_;
  }
  return true;
}

// The levels that are too small beside what is new become new with it.
std::vector<DictionaryDelta::Changed*> DictionaryDelta::TakeLastLevels() {
  std::vector<Changed*> keywords = std::move(fresh_);
  fresh_.clear();
  while (!levels_.empty() && levels_.back().keywords.size() < std::max(kGrowth * keywords.size(), kSmallLevel)) {
    const Level level = std::move(levels_.back());
    levels_.pop_back();
    for (Changed* changed : level.keywords) {
      if (changed->fresh || changed->level != level.id) continue;
      changed->level = 0;
      keywords.push_back(changed);
    }
  }
  return keywords;
}

// What a level still shows of keywords that go into a new one.
void DictionaryDelta::Hide(const std::vector<Changed*>& keywords) {
  std::unordered_map<uint64_t, std::vector<const Changed*>> shown;
  for (const Changed* changed : keywords) {
    if (changed->level != 0) shown[changed->level].push_back(changed);
  }
  for (Level& level : levels_) {
    const auto found = shown.find(level.id);
    if (found == shown.end()) continue;
    level.hidden = CopyOf(level.hidden, level.dictionary->keywords());
    for (const Changed* changed : found->second) {
      if (const std::optional<uint32_t> number = level.dictionary->Find(changed->spelling)) level.hidden->Insert(*number);
    }
  }
}

Status DictionaryDelta::AddLevel(const std::vector<Changed*>& keywords) {
  Level level;
  level.id = ++last_level_;
  DictionaryBuilder builder;
  for (Changed* changed : keywords) {
    changed->fresh = false;
    changed->level = changed->entries.empty() ? 0 : level.id;
    if (changed->level != 0) level.keywords.push_back(changed);
    for (const OwnedEntry& entry : changed->entries) RETURN_IF_ERROR(builder.Add({entry.keyword, entry.target, entry.priority}));
  }
  if (level.keywords.empty()) return OkStatus();
  ASSIGN_OR_RETURN(level.dictionary, Dictionary::FromBytes(builder.ToBytes()));
  levels_.push_back(std::move(level));
  return OkStatus();
}

Result<std::shared_ptr<const DictionaryView>> DictionaryDelta::Publish() {
  if (!fresh_.empty()) {
    const std::vector<Changed*> keywords = TakeLastLevels();
    Hide(keywords);
    RETURN_IF_ERROR(AddLevel(keywords));
  }
  base_hidden_shared_ = true;
  std::vector<DictionaryLayer> layers = {{base_, base_hidden_}};
  for (const Level& level : levels_) layers.push_back({level.dictionary, level.hidden});
  return std::shared_ptr<const DictionaryView>(std::make_shared<DictionaryView>(std::move(layers)));
}

}  // namespace sakuin::keyword_linker
