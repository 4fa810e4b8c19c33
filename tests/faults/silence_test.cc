// SPDX-License-Identifier: Apache-2.0
// Servers that say nothing any more, over a wire that stays open.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <chrono>

#include "postgres/session.h"
#include "tests/faults/proxy.h"
#include "tests/support/test_server.h"

namespace ballast::testing {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;

class Silence : public ServerTest {
 protected:
  // Runs it over the wire, whose second message (after the first, which connects) meets the fault.
  postgres::Outcome Run(const std::string& sql, Fault fault, const std::string& parameters) {
    Proxy proxy(db().target(), std::move(fault));
    const auto target = postgres::ParseUrl(proxy.Url(db().database().name()) + parameters);
    BALLAST_CHECK(target);
    auto session = postgres::Session::Connect(*target);
    BALLAST_CHECK(session);
    const auto begun = std::chrono::steady_clock::now();
    postgres::Outcome outcome = session->Run(sql);
    took_ = std::chrono::steady_clock::now() - begun;
    return outcome;
  }

  std::chrono::nanoseconds took_{};
};

TEST_F(Silence, AnUnresponsiveServerIsReported) {
  const auto outcome = Run("SELECT 1", {.at = 1, .mute = Mute::kAll}, "&keepalives_idle=1");
  ASSERT_TRUE(outcome.error);
  EXPECT_TRUE(outcome.error->connection_lost);
  EXPECT_THAT(outcome.error->message, HasSubstr("silent"));
}

TEST_F(Silence, AMissingAnswerTimesOut) {
  const auto outcome =
      Run("SELECT 1", {.at = 1, .forward_first = true, .mute = Mute::kWire}, "&keepalives_idle=1");
  ASSERT_TRUE(outcome.error);
  EXPECT_TRUE(outcome.error->connection_lost);
  EXPECT_THAT(outcome.error->message, HasSubstr("has ended on the server"));
}

TEST_F(Silence, ALongStatementIsWaitedFor) {
  EXPECT_TRUE(Run("SELECT pg_sleep(4)", {}, "&keepalives_idle=1").ok());
  EXPECT_GE(took_, seconds(4));
}

TEST_F(Silence, SocketTimeoutLimitsAnAnswer) {
  const auto outcome = Run("SELECT pg_sleep(20)", {}, "&socket_timeout=1");
  ASSERT_TRUE(outcome.error);
  EXPECT_TRUE(outcome.error->connection_lost);
}

}  // namespace
}  // namespace ballast::testing
