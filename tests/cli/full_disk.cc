// A disk that fills up, for a whole program: preloaded, it lets SAKUIN_DISK_BYTES bytes into the files below
// SAKUIN_DISK_FOLDER, the last write falls short as it does on a real one, and from then on there is no space left.
#include <dlfcn.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

std::atomic<long long> g_left{-1};  // -1: not yet known

bool IsOnDisk(int file) {
  const char* folder = std::getenv("SAKUIN_DISK_FOLDER");
  if (folder == nullptr) return false;
  char link[64];
  char path[4096];
  std::snprintf(link, sizeof(link), "/proc/self/fd/%d", file);
  const ssize_t size = ::readlink(link, path, sizeof(path) - 1);
  const size_t length = std::strlen(folder);
  return size > static_cast<ssize_t>(length) && std::memcmp(path, folder, length) == 0;
}

// How many of `size` bytes find room; they are taken.
size_t Take(size_t size) {
  long long left = g_left.load();
  if (left < 0) {
    const char* bytes = std::getenv("SAKUIN_DISK_BYTES");
    const long long all = bytes == nullptr ? 0 : std::atoll(bytes);
    if (g_left.compare_exchange_strong(left, all)) left = all;
  }
  while (true) {
    const size_t taken = std::min(size, static_cast<size_t>(left));
    if (g_left.compare_exchange_weak(left, left - static_cast<long long>(taken))) return taken;
  }
}

ssize_t NoSpace() {
  errno = ENOSPC;
  return -1;
}

template <typename Function>
Function Real(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

ssize_t write(int file, const void* bytes, size_t size) {
  static const auto real = Real<ssize_t (*)(int, const void*, size_t)>("write");
  if (size == 0 || !IsOnDisk(file)) return real(file, bytes, size);
  const size_t taken = Take(size);
  return taken == 0 ? NoSpace() : real(file, bytes, taken);
}

ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset) {
  static const auto real = Real<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite");
  if (size == 0 || !IsOnDisk(file)) return real(file, bytes, size, offset);
  const size_t taken = Take(size);
  return taken == 0 ? NoSpace() : real(file, bytes, taken, offset);
}

ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t offset) { return pwrite(file, bytes, size, offset); }

ssize_t writev(int file, const iovec* pieces, int count) {
  static const auto real = Real<ssize_t (*)(int, const iovec*, int)>("writev");
  if (!IsOnDisk(file)) return real(file, pieces, count);
  for (int i = 0; i < count; ++i) {
    if (pieces[i].iov_len > 0) return write(file, pieces[i].iov_base, pieces[i].iov_len);  // a part is allowed
  }
  return 0;
}
}
