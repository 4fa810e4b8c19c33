// SPDX-License-Identifier: Apache-2.0
// Access control and rate limits. Pure: the caller provides the time.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace ballast::serve {

// Whether the address is a loopback address: "127.0.0.1", "::1", "localhost".
bool IsLoopback(std::string_view host);

// Compares in constant time.
bool SameSecret(std::string_view given, std::string_view secret);

// The token of "Bearer TOKEN"; or empty.
std::string_view BearerToken(std::string_view authorization);

// Whether a Host header names this machine or an allowed name. Prevents DNS rebinding, in which
// another site's name resolves to this machine.
bool IsAllowedHost(std::string_view host_header, const std::vector<std::string>& allowed);

// Token buckets by address: `rate` per second, bursts up to `burst`. Thread-safe. Stores at most
// 10,000 addresses; beyond that, addresses with a full bucket are removed or, if there are none,
// all.
class RateLimit {
 public:
  using Time = std::chrono::steady_clock::time_point;

  RateLimit(double rate, double burst) : rate_(rate), burst_(burst) {}

  // Takes a token; false: there is none.
  bool Take(const std::string& address, Time now);

 private:
  struct Bucket {
    double tokens;
    Time at;
  };

  double rate_;
  double burst_;
  std::mutex mutex_;
  std::map<std::string, Bucket> buckets_;
};

// Counts open connections by address. Thread-safe.
class ConnectionCounts {
 public:
  explicit ConnectionCounts(size_t most) : most_(most) {}

  // False: the address has the maximum number of connections already. Else Release must follow.
  bool Take(const std::string& address);
  void Release(const std::string& address);

 private:
  size_t most_;
  std::mutex mutex_;
  std::map<std::string, size_t> counts_;
};

}  // namespace ballast::serve
