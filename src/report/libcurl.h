// SPDX-License-Identifier: Apache-2.0
// libcurl, loaded on first use.
#pragma once

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include "base/bound_library.h"

#undef curl_easy_setopt
#undef curl_easy_getinfo

namespace ballast::report {

#define BALLAST_CURL_FUNCTIONS(X) \
  X(curl_easy_cleanup)            \
  X(curl_easy_getinfo)            \
  X(curl_easy_init)               \
  X(curl_easy_setopt)             \
  X(curl_easy_strerror)           \
  X(curl_global_init)             \
  X(curl_multi_add_handle)        \
  X(curl_multi_cleanup)           \
  X(curl_multi_info_read)         \
  X(curl_multi_init)              \
  X(curl_multi_perform)           \
  X(curl_multi_poll)              \
  X(curl_multi_remove_handle)     \
  X(curl_slist_append)            \
  X(curl_slist_free_all)

BALLAST_BOUND_LIBRARY(Libcurl, BALLAST_CURL_FUNCTIONS);

// Null if it is not installed.
const Libcurl* LoadLibcurl();

}  // namespace ballast::report
