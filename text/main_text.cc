#include "text/main_text.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "text/html_regions.h"

namespace sakuin::text {
namespace {

constexpr size_t kLongBytes = 80;         // a sentence; menus have shorter entries
constexpr size_t kRecognisedBytes = 140;  // less than that is not believed to be the text of a page
constexpr size_t kMostBlocksBridged = 4;  // short ones, between long ones

enum class Kind : uint8_t { kAround, kText, kLinks, kShort, kHeading };

size_t PlainBytes(const HtmlBlock& block) { return block.bytes() - std::min(block.bytes(), block.link_bytes); }
bool Has(const HtmlBlock& block, uint8_t flags) { return (block.flags & flags) != 0; }
bool IsMostlyLinks(const HtmlBlock& block) { return block.link_bytes * 3 > block.bytes() * 2; }
bool IsLong(const HtmlBlock& block) { return block.bytes() >= kLongBytes && block.link_bytes * 3 < block.bytes(); }

class Chooser {
 public:
  Chooser(std::string_view text, std::span<const HtmlBlock> blocks) : text_(text), blocks_(blocks), chosen_(blocks.size()) {}

  std::string Choose() {
    if (IsMainBelieved()) {
      ChooseInMain();
    } else {
      ChooseByDensity();
    }
    if (ChosenPlainBytes() < kRecognisedBytes || LosesMost()) ChooseAll();
    return Join();
  }

 private:
  bool IsCandidate(const HtmlBlock& block) const { return !Has(block, kRegionHidden | kRegionAround | kRegionDoubtful); }

  // Most of what reads like sentences is in main or article.
  bool IsMainBelieved() const {
    size_t in_main = 0;
    size_t outside = 0;
    for (const HtmlBlock& block : blocks_) {
      if (!IsCandidate(block)) continue;
      if (Has(block, kRegionMain)) in_main += PlainBytes(block);
      if (!Has(block, kRegionMain) && IsLong(block)) outside += PlainBytes(block);
    }
    return in_main >= kRecognisedBytes && in_main >= outside;
  }

  // All that is there, but lists of links.
  void ChooseInMain() {
    for (size_t i = 0; i < blocks_.size(); ++i) chosen_[i] = Has(blocks_[i], kRegionMain) && IsCandidate(blocks_[i]) && !IsMostlyLinks(blocks_[i]);
    for (size_t i = 1; i + 1 < blocks_.size(); ++i) {
      if (!chosen_[i] && IsMostlyLinks(blocks_[i]) && IsCandidate(blocks_[i])) chosen_[i] = chosen_[i - 1] && chosen_[i + 1];
    }
    DropHeadingsOfNothing();
  }

  Kind KindOf(const HtmlBlock& block) const {
    if (!IsCandidate(block)) return Kind::kAround;
    if (IsMostlyLinks(block)) return Kind::kLinks;
    if (Has(block, kRegionHeading)) return Kind::kHeading;
    return IsLong(block) ? Kind::kText : Kind::kShort;
  }

  void ChooseByDensity() {
    std::vector<Kind> kinds(blocks_.size());
    std::transform(blocks_.begin(), blocks_.end(), kinds.begin(), [this](const HtmlBlock& block) { return KindOf(block); });
    for (size_t i = 0; i < blocks_.size(); ++i) chosen_[i] = kinds[i] == Kind::kText;
    for (size_t i = 0; i < blocks_.size();) i = Bridge(kinds, i);
    DropHeadingsOfNothing();
  }

  // A run of blocks that are not long: between long ones near to each other it is
  // text; else as far as it is headings before a long one or stands behind one.
  size_t Bridge(const std::vector<Kind>& kinds, size_t begin) {
    if (kinds[begin] == Kind::kText) return begin + 1;
    size_t end = begin;
    bool only_short = true;
    size_t short_bytes = 0;
    for (; end < blocks_.size() && kinds[end] != Kind::kText; ++end) {
      only_short &= kinds[end] == Kind::kShort || kinds[end] == Kind::kHeading;
      short_bytes += PlainBytes(blocks_[end]);
    }
    const bool before = begin > 0;
    const bool behind = end < blocks_.size();
    const bool near = end - begin <= kMostBlocksBridged || short_bytes >= 2 * kRecognisedBytes;
    if (before && behind && only_short && near) {
      std::fill(chosen_.begin() + static_cast<ptrdiff_t>(begin), chosen_.begin() + static_cast<ptrdiff_t>(end), true);
      return end;
    }
    if (behind) BridgeBack(kinds, begin, end);
    if (before) BridgeOn(kinds, begin, end);
    return end;
  }

  // To the heading above a text, with what stands between (a date, an author).
  void BridgeBack(const std::vector<Kind>& kinds, size_t begin, size_t end) {
    const size_t first = end - std::min(end - begin, kMostBlocksBridged);
    size_t heading = end;
    for (size_t i = end; i-- > first;) {
      if (kinds[i] != Kind::kHeading && kinds[i] != Kind::kShort) break;
      if (kinds[i] == Kind::kHeading) heading = i;
    }
    std::fill(chosen_.begin() + static_cast<ptrdiff_t>(heading), chosen_.begin() + static_cast<ptrdiff_t>(end), true);
  }

  // A short last paragraph or the entries of a list, up to whatever is something else.
  void BridgeOn(const std::vector<Kind>& kinds, size_t begin, size_t end) {
    const size_t limit = std::min(end, begin + kMostBlocksBridged);
    for (size_t i = begin; i < limit && kinds[i] == Kind::kShort && blocks_[i].link_bytes == 0; ++i) chosen_[i] = true;
  }

  // "Related articles" above a list of links that was left out, but not a title alone at the top.
  void DropHeadingsOfNothing() {
    bool any_chosen = false;
    for (size_t i = 0; i < blocks_.size(); ++i) {
      const bool heads_nothing = i + 1 == blocks_.size() || (!chosen_[i + 1] && IsMostlyLinks(blocks_[i + 1]));
      if (chosen_[i] && any_chosen && heads_nothing && Has(blocks_[i], kRegionHeading)) chosen_[i] = false;
      any_chosen |= chosen_[i];
    }
  }

  size_t ChosenPlainBytes() const {
    size_t bytes = 0;
    for (size_t i = 0; i < blocks_.size(); ++i) bytes += chosen_[i] ? PlainBytes(blocks_[i]) : 0;
    return bytes;
  }

  // Many short blocks, as in tables and catalogues: they were not recognised.
  bool LosesMost() const {
    size_t all = 0;
    for (const HtmlBlock& block : blocks_) all += IsCandidate(block) ? PlainBytes(block) : 0;
    return ChosenPlainBytes() * 3 < all;
  }

  void ChooseBut(uint8_t flags) {
    for (size_t i = 0; i < blocks_.size(); ++i) chosen_[i] = !Has(blocks_[i], flags);
  }

  // What elements and roles do not call menus, if there is text in it; else all that is shown; else all.
  void ChooseAll() {
    ChooseBut(kRegionHidden | kRegionAround);
    if (ChosenPlainBytes() >= kRecognisedBytes) return;
    ChooseBut(kRegionHidden);
    if (std::ranges::find(chosen_, true) == chosen_.end()) ChooseBut(0);
  }

  std::string Join() const {
    std::string out;
    for (size_t i = 0; i < blocks_.size(); ++i) {
      if (!chosen_[i]) continue;
      if (!out.empty()) out += '\n';
      out += text_.substr(blocks_[i].begin, blocks_[i].bytes());
    }
    return out;
  }

  const std::string_view text_;
  const std::span<const HtmlBlock> blocks_;
  std::vector<bool> chosen_;
};

}  // namespace

std::string ChooseMainText(std::string_view text, std::span<const HtmlBlock> blocks) { return Chooser(text, blocks).Choose(); }

}  // namespace sakuin::text
