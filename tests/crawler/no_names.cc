// A resolver that knows no names, and asks nobody: only addresses in digits resolve. Linked into a test, or preloaded
// by a whole program.
#include <dlfcn.h>
#include <netdb.h>

extern "C" int getaddrinfo(const char* host, const char* service, const addrinfo* hints, addrinfo** found) {
  static const auto real = reinterpret_cast<decltype(&getaddrinfo)>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  addrinfo digits = hints == nullptr ? addrinfo{} : *hints;
  digits.ai_flags |= AI_NUMERICHOST;
  return real(host, service, &digits, found);
}
