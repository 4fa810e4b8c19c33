// SPDX-License-Identifier: Apache-2.0
#include "proof/script_errors.h"

#include <gtest/gtest.h>

namespace ballast::proof {
namespace {

Error WithState(ErrorCode code, const std::string& state) {
  Error error = MakeError(code, "an error");
  if (!state.empty()) error.details.emplace_back("sqlstate", state);
  return error;
}

TEST(ScriptErrors, ThoseOfScriptsAreReasons) {
  struct Case {
    ErrorCode code;
    const char* state;
  };
  for (const auto& [code, state] : {Case{ErrorCode::kMigrationFailed, "42P01"},
                                    {ErrorCode::kReplayFailed, "23505"},
                                    {ErrorCode::kReplayFailed, "57014"},  // its own timeout
                                    {ErrorCode::kPartiallyApplied, "22012"},
                                    {ErrorCode::kNoRollback, ""},
                                    {ErrorCode::kNoUpgradePath, ""},
                                    {ErrorCode::kDrift, ""},
                                    {ErrorCode::kNoDifferenceScript, ""},
                                    {ErrorCode::kOpenTransaction, ""},
                                    {ErrorCode::kPrivilege, "42501"},
                                    {ErrorCode::kQueryFailed, "42P01"}}) {
    EXPECT_TRUE(IsAboutScripts(WithState(code, state))) << CodeOf(code) << " " << state;
  }
}

TEST(ScriptErrors, ThoseOfServersAreNot) {
  struct Case {
    ErrorCode code;
    const char* state;
  };
  for (const auto& [code, state] : {Case{ErrorCode::kMigrationFailed, "53100"},
                                    {ErrorCode::kReplayFailed, "53200"},
                                    {ErrorCode::kNoRollback, "57P01"},
                                    {ErrorCode::kQueryFailed, "58030"},
                                    {ErrorCode::kNoUpgradePath, "53300"},
                                    {ErrorCode::kConnectionLost, ""},
                                    {ErrorCode::kCannotReach, ""},
                                    {ErrorCode::kScratchFailed, ""},
                                    {ErrorCode::kCannotWrite, ""},
                                    {ErrorCode::kLockTimeout, "55P03"},
                                    {ErrorCode::kOutcomeUnknown, ""},
                                    {ErrorCode::kInterrupted, ""},
                                    {ErrorCode::kBug, ""}}) {
    EXPECT_FALSE(IsAboutScripts(WithState(code, state))) << CodeOf(code) << " " << state;
  }
}

TEST(ScriptErrors, NameTheLineAndWhatIsCutOff) {
  postgres::ServerError refused;
  refused.sqlstate = "42601";
  refused.message = "syntax error at or near \"SELEC\"";
  refused.position = 18;
  const std::string typo = "SELECT 1;\nSELEC 1;\n";
  EXPECT_EQ(ScriptRefused(ErrorCode::kNoRollback, "down.sql", refused, {typo, 7}).message,
            "down.sql does not run at line 2: syntax error at or near \"SELEC\" (SQLSTATE 42601)");
  // Where the message continues after the script, or with the end that ballast adds to it.
  const std::string open = "SELECT 1;\nSELECT (1\n";
  const std::string ended = open + "\n;\n";
  refused.message = "syntax error at or near \";\"";
  refused.position = 7 + static_cast<int>(open.size()) + 1;
  const Error cut = ScriptRefused(ErrorCode::kNoRollback, "down.sql", refused, {open, 7});
  EXPECT_NE(cut.message.find("the parenthesis on line 2 is never closed"), std::string::npos);
  EXPECT_EQ(cut.message.find("near"), std::string::npos) << cut.message;
  refused.position += 1;
  EXPECT_EQ(ScriptRefused(ErrorCode::kNoRollback, "down.sql", refused, {ended, 7}).message,
            cut.message);
}

TEST(ScriptErrors, ALostConnectionIsNoFaultOfTheScript) {
  postgres::ServerError refused;
  refused.sqlstate = "42601";
  refused.message = "syntax error";
  const Error of_script = ScriptRefused(ErrorCode::kNoRollback, "the script", refused);
  EXPECT_EQ(of_script.message, "the script does not run: syntax error (SQLSTATE 42601)");
  EXPECT_TRUE(IsAboutScripts(of_script));
  refused.connection_lost = true;
  const Error lost = ScriptRefused(ErrorCode::kNoRollback, "the script", refused);
  EXPECT_EQ(lost.code, ErrorCode::kConnectionLost);
  EXPECT_FALSE(IsAboutScripts(lost));
}

}  // namespace
}  // namespace ballast::proof
