// body_room.h: how many bytes of bodies there may be at once, in all transfers of a Fetcher together.
//
//   if (!room.Take(this, piece.size())) Pause();     // goes on when room.MayGoOn()
//   room.Leave(this);                                // it has ended; its bytes are there until
//   room.Give(bytes);                                // nobody has them any more
//
// When there is no room, one transfer goes on all the same: so there is always one that ends and makes room. What is taken
// is `most` and one body more, at most. Not thread-safe.
#pragma once

#include <cstddef>

namespace sakuin::crawler {

class BodyRoom {
 public:
  explicit BodyRoom(size_t most) : most_(most) {}

  // False: not now.
  bool Take(const void* transfer, size_t bytes) {
    if (taken_ + bytes > most_) {
      if (exempt_ != nullptr && exempt_ != transfer) return false;
      exempt_ = transfer;
    }
    taken_ += bytes;
    return true;
  }
  // Of what is there whether or not there is room.
  void Add(size_t bytes) { taken_ += bytes; }
  void Give(size_t bytes) { taken_ -= bytes; }
  void Leave(const void* transfer) {
    if (exempt_ == transfer) exempt_ = nullptr;
  }

  // With some to spare.
  bool HasRoom() const { return taken_ <= most_ / 8 * 7; }
  // Whether some transfer that is paused may take more.
  bool MayGoOn() const { return HasRoom() || exempt_ == nullptr; }
  size_t taken() const { return taken_; }

 private:
  const size_t most_;
  size_t taken_ = 0;
  const void* exempt_ = nullptr;  // goes on without room
};

}  // namespace sakuin::crawler
