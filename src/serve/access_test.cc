// SPDX-License-Identifier: Apache-2.0
#include "serve/access.h"

#include <gtest/gtest.h>

namespace ballast::serve {
namespace {

TEST(AccessTest, KnowsLoopbackAddresses) {
  for (const char* host : {"localhost", "127.0.0.1", "127.1.2.3", "::1"}) {
    EXPECT_TRUE(IsLoopback(host)) << host;
  }
  for (const char* host : {"0.0.0.0", "::", "", "127.evil.example", "10.0.0.1", "localhost.evil"}) {
    EXPECT_FALSE(IsLoopback(host)) << host;
  }
}

TEST(AccessTest, ReadsTheBearerToken) {
  EXPECT_EQ(BearerToken("Bearer abc"), "abc");
  EXPECT_EQ(BearerToken("bearer  abc "), "abc");
  for (const char* header : {"", "Basic abc", "Bearer", "Bearer ", "abc"}) {
    EXPECT_EQ(BearerToken(header), "") << header;
  }
}

TEST(AccessTest, ComparesSecrets) {
  EXPECT_TRUE(SameSecret("secret", "secret"));
  for (const char* given : {"", "secre", "secret ", "Secret", "secrets"}) {
    EXPECT_FALSE(SameSecret(given, "secret")) << given;
  }
}

TEST(AccessTest, AllowsOnlyKnownHosts) {
  const std::vector<std::string> allowed = {"ops.example.com"};
  for (const char* host :
       {"localhost:7070", "127.0.0.1", "[::1]:80", "ops.example.com", "OPS.example.com:443"}) {
    EXPECT_TRUE(IsAllowedHost(host, allowed)) << host;
  }
  for (const char* host :
       {"", "evil.example", "ops.example.com.evil", "127.0.0.1.evil:80", "[::2]", "[", "]", ":"}) {
    EXPECT_FALSE(IsAllowedHost(host, allowed)) << host;
  }
}

TEST(AccessTest, LimitsEachAddress) {
  RateLimit limit(2, 3);
  const RateLimit::Time start{};
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limit.Take("a", start));
  EXPECT_FALSE(limit.Take("a", start));
  EXPECT_TRUE(limit.Take("b", start));
  EXPECT_TRUE(limit.Take("a", start + std::chrono::milliseconds(500)));
  EXPECT_FALSE(limit.Take("a", start + std::chrono::milliseconds(500)));
}

TEST(AccessTest, ForgetsAddresses) {
  RateLimit limit(1, 1);
  const RateLimit::Time start{};
  for (int i = 0; i < 30'000; ++i) EXPECT_TRUE(limit.Take(std::to_string(i), start));
}

TEST(AccessTest, CountsConnectionsOfEachAddress) {
  ConnectionCounts counts(2);
  EXPECT_TRUE(counts.Take("a"));
  EXPECT_TRUE(counts.Take("a"));
  EXPECT_FALSE(counts.Take("a"));
  EXPECT_TRUE(counts.Take("b"));
  counts.Release("a");
  EXPECT_TRUE(counts.Take("a"));
}

}  // namespace
}  // namespace ballast::serve
