#include "base/checksum.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace sakuin {

struct RunningChecksum::State {
  XXH3_state_t xxh;
};

uint64_t Checksum(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

RunningChecksum::RunningChecksum() : state_(std::make_unique<State>()) { Reset(); }
RunningChecksum::~RunningChecksum() = default;
RunningChecksum::RunningChecksum(RunningChecksum&&) noexcept = default;
RunningChecksum& RunningChecksum::operator=(RunningChecksum&&) noexcept = default;

void RunningChecksum::Update(std::string_view bytes) { XXH3_64bits_update(&state_->xxh, bytes.data(), bytes.size()); }
uint64_t RunningChecksum::Value() const { return XXH3_64bits_digest(&state_->xxh); }
void RunningChecksum::Reset() { XXH3_64bits_reset(&state_->xxh); }

}  // namespace sakuin
