// SPDX-License-Identifier: Apache-2.0
// Sends HTTP and HTTPS POST requests with libcurl, which is loaded on first use
// (docs/decisions/0006).
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace ballast::report {

struct HttpPost {
  std::string url;                  // http:// or https://; a secret
  std::string body;                 // JSON
  std::string token;                // for "Authorization: Bearer"; empty: no such header
  std::string token_variable = {};  // the variable that the token is from; empty: there is none
  std::string source = {};          // of the URL: "--notify", or a variable
};

// Sends all in parallel and waits at most `limit`. Returns a sentence for each that was not
// accepted (status 200 to 299), which shows only the host of the URL. Certificates are verified
// with the file `authorities`; redirects are not followed; http_proxy and https_proxy are used.
std::vector<std::string> PostAll(const std::vector<HttpPost>& posts, const std::string& authorities,
                                 std::chrono::milliseconds limit);

}  // namespace ballast::report
