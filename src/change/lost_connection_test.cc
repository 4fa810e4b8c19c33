// SPDX-License-Identifier: Apache-2.0
#include "change/lost_connection.h"

#include <gtest/gtest.h>

namespace ballast::change {
namespace {

constexpr char kApplied = 'a', kOpen = 'o', kRolledBack = 'r';

// One row for each letter.
plan::Observation With(std::string_view rows) {
  plan::Observation observation;
  for (const char state : rows) {
    plan::MigrationRow row;
    row.name = std::to_string(observation.rows.size());
    row.finished = state == kApplied;
    row.rolled_back = state == kRolledBack;
    observation.rows.push_back(row);
  }
  return observation;
}

Error Loss(bool partial = false) {
  Error loss = MakeError(ErrorCode::kConnectionLost, "the connection was lost");
  loss.partial = partial;
  return loss;
}

TEST(LostConnectionTest, CountsFinishedRowsAsApplied) {
  EXPECT_EQ(AppliedRows(With("aoraa")), 3);
  EXPECT_EQ(AppliedRows(With("")), 0);
}

TEST(LostConnectionTest, TellsByTheRowsWhatWasCommitted) {
  struct Case {
    const char* rows;
    long before;
    ErrorCode code;
    const char* finding;
  };
  const char* const kNothing = "a second connection found that it was not committed";
  for (const auto& [rows, before, code, finding] :
       {Case{"", 0, ErrorCode::kConnectionLost, kNothing},
        {"aa", 2, ErrorCode::kConnectionLost, kNothing},
        {"aar", 2, ErrorCode::kConnectionLost, kNothing},
        {"aaa", 2, ErrorCode::kPartiallyApplied, "1 migration was applied, the others were not"},
        {"aaaa", 2, ErrorCode::kPartiallyApplied, "2 migrations were applied, the others were not"},
        {"aao", 2, ErrorCode::kPartiallyApplied,
         "a step that runs outside a transaction did not finish"},
        {"aaao", 2, ErrorCode::kPartiallyApplied,
         "a step that runs outside a transaction did not finish"}}) {
    const Error error = AfterLoss(Loss(), With(rows), before);
    EXPECT_EQ(error.code, code) << rows;
    EXPECT_EQ(error.message, std::string("the connection was lost; ") + finding) << rows;
  }
}

TEST(LostConnectionTest, AChangeIsPartialIfAnEarlierTransactionWasCommitted) {
  const Error nothing = ChangeAfterLoss(Loss());
  EXPECT_EQ(nothing.code, ErrorCode::kConnectionLost);
  EXPECT_EQ(nothing.hint, "");
  const Error partial = ChangeAfterLoss(Loss(true));
  EXPECT_EQ(partial.code, ErrorCode::kPartiallyApplied);
  EXPECT_EQ(partial.hint, "run the command again: it continues from here");
}

TEST(LostConnectionTest, ADeployWithoutItsComparisonIsNotCalledEqual) {
  const Error lost = UncomparedAfterLoss(Loss(true));
  EXPECT_EQ(lost.code, ErrorCode::kConnectionLost);
  EXPECT_EQ(lost.message,
            "the connection was lost; all migrations are applied, but it is not known whether the "
            "resulting catalog equals the proven one");
  EXPECT_EQ(lost.hint, "compare it: ballast status");
  const Error differs = MakeError(ErrorCode::kVerifyAfterFailed, "it differs", "remedy");
  EXPECT_EQ(UncomparedAfterLoss(differs).message, "it differs");
  EXPECT_EQ(UncomparedAfterLoss(differs).hint, "remedy");
}

TEST(LostConnectionTest, NamesTheCommandThatContinues) {
  const Error unknown = UnknownOutcome(Loss(), "ballast deploy");
  EXPECT_EQ(unknown.code, ErrorCode::kOutcomeUnknown);
  EXPECT_EQ(unknown.hint, "when the server is back: ballast status, then ballast deploy");
}

}  // namespace
}  // namespace ballast::change
