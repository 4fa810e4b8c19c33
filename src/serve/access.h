// SPDX-License-Identifier: Apache-2.0
// Who may ask, and how often. No clock and no socket: the caller tells the time.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace ballast::serve {

// Whether the address belongs to this machine only: "127.0.0.1", "::1", "localhost".
bool IsLoopback(std::string_view host);

// Compares in a time that does not depend on where the two differ.
bool SameSecret(std::string_view given, std::string_view secret);

// The token of "Bearer TOKEN"; empty: there is none.
std::string_view BearerToken(std::string_view authorization);

// Whether a Host header names this machine, or one of the allowed names. A page of somebody else's
// whose name was made to lead here (DNS rebinding) sends its own name.
bool IsAllowedHost(std::string_view host_header, const std::vector<std::string>& allowed);

// Token buckets by address: `rate` a second, bursts up to `burst`. Safe to use from several
// threads. Remembers at most 10,000 addresses; when there are more, those that are full again are
// forgotten, and if none is, all are.
class RateLimit {
 public:
  using Time = std::chrono::steady_clock::time_point;

  RateLimit(double rate, double burst) : rate_(rate), burst_(burst) {}

  // Takes one; false: there is none left.
  bool Take(const std::string& address, Time now);
  // Whether there is one, without taking it.
  bool Has(const std::string& address, Time now);

 private:
  struct Bucket {
    double tokens;
    Time at;
  };
  Bucket& Filled(const std::string& address, Time now);

  double rate_;
  double burst_;
  std::mutex mutex_;
  std::map<std::string, Bucket> buckets_;
};

}  // namespace ballast::serve
