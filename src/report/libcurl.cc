// SPDX-License-Identifier: Apache-2.0
#include "report/libcurl.h"

#include <initializer_list>

namespace ballast::report {

BALLAST_DEFINE_LOAD(Libcurl, BALLAST_CURL_FUNCTIONS)

namespace {

// Debian and its derivatives have two builds of it, other distributions one.
const Libcurl* Load() {
  static Libcurl curl;
  for (const char* file : {"libcurl.so.4", "libcurl-gnutls.so.4"}) {
    if (!curl.Load(file, RTLD_LAZY)) continue;
    return curl.curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? &curl : nullptr;
  }
  return nullptr;
}

}  // namespace

const Libcurl* LoadLibcurl() {
  static const Libcurl* const curl = Load();
  return curl;
}

}  // namespace ballast::report
