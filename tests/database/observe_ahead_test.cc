// SPDX-License-Identifier: Apache-2.0
// Messages that are sent before their answer is needed.
#include <gtest/gtest.h>

#include "postgres/observe.h"
#include "tests/support/test_server.h"

namespace ballast::testing {
namespace {

using postgres::ObserveOptions;
using postgres::Outcome;
using postgres::Session;

class ObserveAheadTest : public ServerTest {
 protected:
  Session& session() { return db().session(); }
  // The first value, or the SQLSTATE of the error.
  static std::string AnswerOf(const Outcome& outcome) {
    if (outcome.error) return outcome.error->sqlstate;
    return outcome.results.back().rows[0][0].value_or("NULL");
  }
  // How often the client waited while it did `act`.
  template <class Act>
  int WaitsOf(const Act& act) {
    const int before = session().round_trips();
    act();
    return session().round_trips() - before;
  }
  plan::Observation Observe(const ObserveOptions& options) {
    SilentProgress progress;
    auto observed = postgres::Observe(session(), options, progress);
    EXPECT_TRUE(observed.ok()) << observed.error().message;
    return *std::move(observed);
  }
};

TEST_F(ObserveAheadTest, TheNextRunOfTheSameTextTakesTheAnswer) {
  ASSERT_TRUE(session().Query("CREATE SEQUENCE calls").ok());
  const std::string call = "SELECT nextval('calls')";
  EXPECT_EQ(WaitsOf([&] { session().SendAhead(call); }), 0);
  EXPECT_EQ(WaitsOf([&] { EXPECT_EQ(AnswerOf(session().Run(call)), "1"); }), 1);
  EXPECT_EQ(AnswerOf(session().Run(call)), "2");
}

TEST_F(ObserveAheadTest, AnotherTextDiscardsTheAnswer) {
  session().SendAhead("SELECT 1");
  EXPECT_EQ(WaitsOf([&] { EXPECT_EQ(AnswerOf(session().Run("SELECT 2")), "2"); }), 2);
  EXPECT_EQ(AnswerOf(session().Run("SELECT 1")), "1");
}

TEST_F(ObserveAheadTest, AnErrorBelongsToItsOwnText) {
  const std::string fails = "SELECT 1/0";
  session().SendAhead(fails);
  EXPECT_EQ(AnswerOf(session().Run(fails)), "22012");
  session().SendAhead(fails);
  EXPECT_EQ(AnswerOf(session().Run("SELECT 2")), "2");
}

TEST_F(ObserveAheadTest, ALostConnectionIsNoticedByWhateverComesNext) {
  auto other = Session::Connect(session().target());
  ASSERT_TRUE(other.ok());
  other->SendAhead("SELECT pg_terminate_backend(pg_backend_pid())");
  const Outcome outcome = other->Run("SELECT 2");
  ASSERT_TRUE(outcome.error.has_value());
  EXPECT_TRUE(outcome.error->connection_lost);
}

TEST_F(ObserveAheadTest, AnObservationIsAskedForOnce) {
  ASSERT_TRUE(session()
                  .Query("CREATE SCHEMA side; CREATE VIEW side.v AS SELECT 1;"
                         "CREATE SCHEMA apart; CREATE VIEW apart.v AS SELECT 1")
                  .ok());
  ObserveOptions options;
  postgres::ObserveAhead(session(), options);
  EXPECT_EQ(WaitsOf([&] { EXPECT_FALSE(Observe(options).has_others); }), 1);
  // The schemas of the package are known later, and are no part of the question.
  options.schemas = {"side"};
  EXPECT_EQ(WaitsOf([&] { EXPECT_TRUE(Observe(options).has_others); }), 1);
  postgres::ObserveAhead(session(), {});
  EXPECT_EQ(WaitsOf([&] { EXPECT_TRUE(Observe(options).has_others); }), 1);
}

TEST_F(ObserveAheadTest, OtherOptionsAskAgain) {
  ObserveOptions options;
  options.provided = {"public.theirs"};
  ASSERT_TRUE(session().Query("CREATE TABLE theirs (a int)").ok());
  postgres::ObserveAhead(session(), {});
  EXPECT_EQ(Observe(options).object_count, 0);
  EXPECT_EQ(Observe({}).object_count, 1);
}

}  // namespace
}  // namespace ballast::testing
