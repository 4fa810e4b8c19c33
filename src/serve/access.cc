// SPDX-License-Identifier: Apache-2.0
#include "serve/access.h"

#include <algorithm>

#include "base/sha256.h"
#include "base/text.h"

namespace ballast::serve {
namespace {

constexpr size_t kMaxAddresses = 10'000;

// "[::1]:8080" → "::1", "name:8080" → "name".
std::string_view WithoutPort(std::string_view host) {
  if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
  const size_t colon = host.find(':');
  const bool address = colon != std::string_view::npos && host.find(':', colon + 1) != colon &&
                       host.find(':', colon + 1) != std::string_view::npos;
  return address ? host : host.substr(0, colon);
}

}  // namespace

bool IsLoopback(std::string_view host) {
  return host == "localhost" || host == "::1" ||
         (host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos);
}

bool SameSecret(std::string_view given, std::string_view secret) {
  // Digests have equal lengths.
  const std::string a = Sha256Hex(given);
  const std::string b = Sha256Hex(secret);
  unsigned char different = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    different = static_cast<unsigned char>(different | (a[i] ^ b[i]));
  }
  return different == 0;
}

std::string_view BearerToken(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (authorization.size() < kScheme.size() ||
      !EqualsIgnoringAsciiCase(authorization.substr(0, kScheme.size()), kScheme)) {
    return {};
  }
  return Trim(authorization.substr(kScheme.size()));
}

bool IsAllowedHost(std::string_view host_header, const std::vector<std::string>& allowed) {
  const std::string_view host = WithoutPort(host_header);
  if (IsLoopback(host)) return true;
  return std::any_of(allowed.begin(), allowed.end(),
                     [&](const std::string& name) { return EqualsIgnoringAsciiCase(name, host); });
}

bool RateLimit::Take(const std::string& address, Time now) {
  const std::scoped_lock lock(mutex_);
  if (buckets_.size() >= kMaxAddresses && !buckets_.contains(address)) {
    std::erase_if(buckets_, [&](const auto& entry) {
      const std::chrono::duration<double> since = now - entry.second.at;
      return entry.second.tokens + since.count() * rate_ >= burst_;
    });
    if (buckets_.size() >= kMaxAddresses) buckets_.clear();
  }
  Bucket& bucket = buckets_.try_emplace(address, Bucket{burst_, now}).first->second;
  const std::chrono::duration<double> since = now - bucket.at;
  bucket.tokens = std::min(burst_, bucket.tokens + std::max(0.0, since.count()) * rate_);
  bucket.at = now;
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

bool ConnectionCounts::Take(const std::string& address) {
  const std::scoped_lock lock(mutex_);
  size_t& count = counts_[address];
  if (count >= most_) return false;
  ++count;
  return true;
}

void ConnectionCounts::Release(const std::string& address) {
  const std::scoped_lock lock(mutex_);
  const auto found = counts_.find(address);
  if (--found->second == 0) counts_.erase(found);
}

}  // namespace ballast::serve
