#include "index/spill_buffer.h"

#include <algorithm>

namespace sakuin::index {

SpillBuffer::SpillBuffer(FileSystem& fs, std::string path, size_t memory_limit) : fs_(fs), path_(std::move(path)), memory_limit_(memory_limit) {}

SpillBuffer::~SpillBuffer() {
  if (spilled_ == 0 && file_ == nullptr) return;
  file_.reset();
  (void)fs_.Remove(path_);
}

Status SpillBuffer::Settle() {
  if (tail_.size() < memory_limit_) return OkStatus();
  if (file_ == nullptr) {
    ASSIGN_OR_RETURN(file_, fs_.Create(path_));
  }
  RETURN_IF_ERROR(file_->Append(tail_));
  spilled_ += tail_.size();
  tail_.clear();
  return OkStatus();
}

Status SpillBuffer::Drain(const std::function<Status(std::string_view)>& to) {
  if (spilled_ > 0) {
    RETURN_IF_ERROR(file_->Close());
    ASSIGN_OR_RETURN(const std::unique_ptr<MappedFile> mapped, fs_.Map(path_));
    const std::string_view bytes = mapped->bytes();
    constexpr size_t kPart = size_t{1} << 20;
    for (size_t at = 0; at < bytes.size(); at += kPart) {
      RETURN_IF_ERROR(to(bytes.substr(at, kPart)));
      mapped->Release(at, kPart);
    }
  }
  return to(tail_);
}

}  // namespace sakuin::index
