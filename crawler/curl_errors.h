// curl_errors.h: libcurl's errors in the words of fetch_error.h.
#pragma once

#include <curl/curl.h>

#include <string_view>

#include "crawler/fetch_error.h"

namespace sakuin::crawler {

// How far a transfer had come when it failed.
struct FailurePoint {
  bool connected = false;         // the question could be asked
  bool headers_complete = false;  //
  long system_error = 0;          // errno of the connection
  std::string_view detail{};      // libcurl's sentence
};

FetchError FromCurl(CURLcode code, const FailurePoint& point);

}  // namespace sakuin::crawler
