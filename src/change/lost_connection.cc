// SPDX-License-Identifier: Apache-2.0
#include "change/lost_connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace ballast::change {
namespace {

Error NotCommitted(Error loss) {
  loss.message += "; a second connection found that it was not committed";
  return loss;
}

}  // namespace

std::optional<SecondLook> LookAfterLoss(
    const postgres::Target& target, const postgres::ConnectOptions& options,
    const std::function<Result<assess::Assessment>(postgres::Session&)>& assess,
    Progress& progress) {
  auto session = postgres::ConnectWithRetry(target, options, progress);
  if (!session) return std::nullopt;
  auto assessment = assess(*session);
  if (!assessment) return std::nullopt;
  return SecondLook{*std::move(session), *std::move(assessment)};
}

std::string BrokeAfterCommit(const Error& loss) {
  return "the connection broke after the commit: " + loss.message;
}

std::string ComparedAfterLoss(const Error& loss) {
  return "the connection broke before the final comparison was committed, so that a second "
         "connection has compared again: " +
         loss.message;
}

Error UncomparedAfterLoss(Error again) {
  if (again.code == ErrorCode::kVerifyAfterFailed) return again;
  again.message +=
      "; all migrations are applied, but it is not known whether the resulting catalog equals the "
      "proven one";
  again.hint = "compare it: ballast status";
  return again;
}

long AppliedRows(const plan::Observation& observation) {
  return std::count_if(
      observation.rows.begin(), observation.rows.end(),
      [](const plan::MigrationRow& row) { return row.finished && !row.rolled_back; });
}

// An open row is a step that has begun, even if the next deploy can resume it.
Error AfterLoss(Error loss, const plan::Observation& observation, long before) {
  const long applied = AppliedRows(observation) - before;
  if (!plan::FailedRows(observation).empty()) {
    loss.code = ErrorCode::kPartiallyApplied;
    loss.message += "; a step that runs outside a transaction did not finish";
    loss.hint = "see which, and what to do: ballast status";
  } else if (applied > 0) {
    loss.code = ErrorCode::kPartiallyApplied;
    loss.message += fmt::format("; {} {} applied, the others were not",
                                Counted(static_cast<size_t>(applied), "migration"),
                                applied == 1 ? "was" : "were");
    loss.hint = "ballast deploy continues from there";
  } else {
    return NotCommitted(std::move(loss));
  }
  return loss;
}

Error ChangeAfterLoss(Error loss) {
  if (!loss.partial) return NotCommitted(std::move(loss));
  loss.code = ErrorCode::kPartiallyApplied;
  loss.message += "; a second connection found that the last transaction was not committed";
  loss.hint = "run the command again: it continues from here";
  return loss;
}

Error UnknownOutcome(const Error& loss, const std::string& again) {
  return MakeError(ErrorCode::kOutcomeUnknown,
                   loss.message + "; it is not known whether it was committed",
                   "when the server is back: ballast status, then " + again);
}

}  // namespace ballast::change
