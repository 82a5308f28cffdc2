// dictionary_delta.h: keywords added to and deleted from a dictionary in memory.
//
//   DictionaryDelta delta(base);
//   delta.Apply({ChangeKind::kAdd, {"Tokyo", "/wiki/Tokyo", 0}});
//   delta.Apply({ChangeKind::kDelete, {"Kyoto"}});
//   std::shared_ptr<const DictionaryView> view = delta.Publish();   // links as base with both changes
//
// A changed keyword is taken out of the base with all that fold to it, and what
// is left of them goes into a small dictionary beside it. These are levels, each
// at most a quarter of the one before: a change moves up some few times while the
// delta grows, so that many small batches cost O(n log n) in all, and a scan sees
// some few layers. Views share their levels and are never changed. Not
// thread-safe; views are.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "keyword_linker/dictionary_view.h"
#include "keyword_linker/keyword_journal.h"

namespace sakuin::keyword_linker {

class DictionaryDelta {
 public:
  explicit DictionaryDelta(std::shared_ptr<const Dictionary> base);

  // False: nothing changes by it. REQUIRES: CheckEntry is OK for what is added.
  bool Apply(const KeywordChange& change);

  // Of all changes so far.
  Result<std::shared_ptr<const DictionaryView>> Publish();

  size_t changed() const { return changed_.size(); }  // keywords, distinct when folded
  uint64_t entries() const { return entries_; }       // of the base with all changes

 private:
  struct OwnedEntry {
    std::string keyword;
    std::string target;
    int32_t priority = 0;
  };
  // A folded keyword that is no longer the base's.
  struct Changed {
    std::string spelling;  // a keyword that folds so
    std::vector<OwnedEntry> entries;
    bool fresh = false;  // changed since the last Publish
    uint64_t level = 0;  // the id of the one that has it; 0: none
  };
  struct Level {
    uint64_t id = 0;
    std::shared_ptr<const Dictionary> dictionary;
    std::shared_ptr<KeywordSet> hidden;  // null: nothing is
    std::vector<Changed*> keywords;      // some are hidden
  };

  std::optional<Entry> Now(const std::u32string& folded, std::string_view keyword) const;
  Changed& Take(std::u32string folded, std::string_view keyword);
  std::vector<Changed*> TakeLastLevels();
  Status AddLevel(const std::vector<Changed*>& keywords);
  void Hide(const std::vector<Changed*>& keywords);

  std::shared_ptr<const Dictionary> base_;
  std::shared_ptr<KeywordSet> base_hidden_;
  bool base_hidden_shared_ = false;                      // with a view: it is copied before it changes
  std::unordered_map<std::u32string, Changed> changed_;  // by folded keyword
  std::vector<Changed*> fresh_;
  std::vector<Level> levels_;  // the largest first
  uint64_t last_level_ = 0;
  uint64_t entries_ = 0;
};

}  // namespace sakuin::keyword_linker
