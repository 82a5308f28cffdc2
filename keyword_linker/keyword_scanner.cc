#include "keyword_linker/keyword_scanner.h"

namespace sakuin::keyword_linker {

void KeywordScanner::ReadCodes(std::span<const FoldedUnit> units, size_t from) {
  codes_.resize(from);
  codes_.resize(units.size() + kLookAhead, kUnknownCode);
  for (size_t i = from; i < units.size(); ++i) codes_[i] = dictionary_.CodeOf(units[i].code_point);
}

void KeywordScanner::Drop(size_t count, size_t needed) {
  walk_.Drop(count, needed);
  codes_.erase(codes_.begin(), codes_.begin() + static_cast<std::ptrdiff_t>(std::min(count, codes_.size())));
  known_ -= count;
  at_ -= std::min(at_, count);
  for (uint32_t& path : long_paths_) path -= static_cast<uint32_t>(count);
}

void KeywordScanner::Restart() {
  walk_.Drop(0, SIZE_MAX);
  long_paths_.clear();
  codes_.clear();
  state_ = kRootState;
  at_ = known_ = 0;
}

}  // namespace sakuin::keyword_linker
