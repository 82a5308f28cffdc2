// url_layout.h: where the parts of a serialized URL begin and end.
//
//   https://me:secret@example.com:81/a/b?c#d
//        |    |       |          |  |   | |
//        |    |       host_start |  |   | fragment_start
//        |    username_end       |  |   query_start
//        scheme_end       host_end  path_start
//
// A part that is absent begins where the next does. For url.cc and ordinary_url.cc only.
#pragma once

#include <cstdint>

namespace sakuin::crawler {

struct UrlLayout {
  uint32_t scheme_end = 0;    // the ':'
  uint32_t username_end = 0;  // without authority: behind the ':', as the next two
  uint32_t host_start = 0;    // behind the '@', if there is one
  uint32_t host_end = 0;
  uint32_t path_start = 0;      // behind the port, or behind the "/." of "web:/.//not-a-host"
  uint32_t query_start = 0;     // the '?'
  uint32_t fragment_start = 0;  // the '#'
  uint16_t port = 0;            // 0: none stands there, or a 0 does
};

}  // namespace sakuin::crawler
