// SPDX-License-Identifier: Apache-2.0
// POST over HTTP and HTTPS with libcurl, which is loaded when there is something to send
// (docs/decisions/0006).
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace ballast::report {

struct HttpPost {
  std::string url;    // http:// or https://; a secret
  std::string body;   // JSON
  std::string token;  // of "Authorization: Bearer"; empty: no such header
};

// Sends all of them at once and waits for `limit` at most. Returns a sentence for each that was not
// accepted (a status of 200 to 299), which names no more of its URL than the host. Certificates are
// verified against the file `authorities`; redirections are not followed; http_proxy and
// https_proxy are obeyed.
std::vector<std::string> PostAll(const std::vector<HttpPost>& posts, const std::string& authorities,
                                 std::chrono::milliseconds limit);

}  // namespace ballast::report
