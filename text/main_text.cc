#include "text/main_text.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "text/html_regions.h"

namespace sakuin::text {
namespace {

constexpr size_t kLongBytes = 80;         // a sentence; menus have shorter entries
constexpr size_t kRecognisedBytes = 140;  // less than that is believed to be the text of a page only where there is no more
constexpr size_t kLabelBytes = 20;        // less than that says nothing: "Welcome!"
constexpr size_t kMostBlocksBridged = 4;  // short ones, between long ones
constexpr size_t kLinksOfHub = 6;         // times the text: the links are what the page is for

enum class Kind : uint8_t { kAround, kText, kLinks, kShort, kHeading };

size_t PlainBytes(const HtmlBlock& block) { return block.bytes() - std::min(block.bytes(), block.link_bytes); }
bool Has(const HtmlBlock& block, uint8_t flags) { return (block.flags & flags) != 0; }
bool IsMostlyLinks(const HtmlBlock& block) { return block.link_bytes * 3 > block.bytes() * 2; }
bool IsLong(const HtmlBlock& block) { return block.bytes() >= kLongBytes && block.link_bytes * 3 < block.bytes(); }

class Chooser {
 public:
  Chooser(std::string_view text, std::span<const HtmlBlock> blocks) : text_(text), blocks_(blocks), chosen_(blocks.size()) {}

  std::string Choose() {
    const Believed believed = BelievedOfMain();
    if (believed == Believed::kNothing) {
      ChooseByDensity();
      if (ChosenPlainBytes() < kRecognisedBytes) {
        ChooseOfFew();
        return Join();
      }
    } else {
      ChooseInMain();
    }
    if (believed != Believed::kAll && LosesMost()) ChooseAll();
    return Join();
  }

 private:
  bool IsCandidate(const HtmlBlock& block) const { return !Has(block, kRegionHidden | kRegionAround | kRegionDoubtful); }

  enum class Believed : uint8_t { kNothing, kMost, kAll };

  // Of what main and article have: all the text of the page where there is little, most of what reads like sentences
  // where there is more.
  Believed BelievedOfMain() const {
    size_t in_main = 0;
    size_t outside = 0;
    size_t long_outside = 0;
    for (const HtmlBlock& block : blocks_) {
      if (!IsCandidate(block)) continue;
      (Has(block, kRegionMain) ? in_main : outside) += PlainBytes(block);
      if (!Has(block, kRegionMain) && IsLong(block)) long_outside += PlainBytes(block);
    }
    if (in_main == 0 || in_main < long_outside) return Believed::kNothing;
    if (in_main >= kRecognisedBytes) return Believed::kMost;
    return outside < std::max(kRecognisedBytes, 2 * in_main) ? Believed::kAll : Believed::kNothing;
  }

  // All that is there, but lists of links, unless they are all there is.
  void ChooseInMain() {
    for (size_t i = 0; i < blocks_.size(); ++i) chosen_[i] = Has(blocks_[i], kRegionMain) && IsCandidate(blocks_[i]);
    LeaveOutLinks(1);
  }

  // Lists of links, of what is chosen, with the headings above them; all stays where little is said without them, and
  // so do as many between texts as are `bridged`.
  void LeaveOutLinks(size_t bridged) {
    size_t text = 0;
    size_t links = 0;
    for (size_t i = 0; i < blocks_.size(); ++i) {
      if (!chosen_[i] || Has(blocks_[i], kRegionHeading)) continue;
      (IsMostlyLinks(blocks_[i]) ? links : text) += blocks_[i].bytes();
    }
    if (text < kLabelBytes || links > kLinksOfHub * text) return;
    const std::vector<bool> before = chosen_;
    for (size_t i = 0; i < blocks_.size(); ++i) chosen_[i] = before[i] && !IsMostlyLinks(blocks_[i]);
    size_t next = 0;  // behind the last block that is chosen
    for (size_t i = 0; i < blocks_.size(); ++i) {
      if (!chosen_[i]) continue;
      size_t left_out = 0;
      for (size_t link = next; link < i; ++link) left_out += before[link] ? 1 : 0;
      for (size_t link = next; next > 0 && left_out <= bridged && link < i; ++link) chosen_[link] = before[link];
      next = i + 1;
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

  // What elements and roles do not call menus.
  void ChooseAll() {
    ChooseBut(kRegionHidden | kRegionAround);
    if (ChosenPlainBytes() < kRecognisedBytes) ChooseBut(kRegionHidden);
  }

  // Of a page with a sentence or two: what nothing calls a menu, if it says something, or what is so called does not;
  // else all that is shown; else all. Without lists of links, unless they are all there is.
  void ChooseOfFew() {
    for (const int flags : {kRegionHidden | kRegionAround | kRegionDoubtful, kRegionHidden | kRegionAround, int{kRegionHidden}, 0}) {
      ChooseBut(static_cast<uint8_t>(flags));
      if (SaysMoreThanTheRest()) break;
    }
    LeaveOutLinks(ChosenPlainBytes() < kRecognisedBytes ? 0 : kMostBlocksBridged);
  }

  bool SaysMoreThanTheRest() const {
    if (std::ranges::find(chosen_, true) == chosen_.end()) return false;
    size_t others = 0;
    for (size_t i = 0; i < blocks_.size(); ++i) others += chosen_[i] || Has(blocks_[i], kRegionHidden) ? 0 : PlainBytes(blocks_[i]);
    return ChosenPlainBytes() >= kLabelBytes || others < kLongBytes;
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
