// SPDX-License-Identifier: Apache-2.0
// Counts on the live database which rows conflict with a change, and which data it would lose.
// Changes nothing. `session` has row security off; B501 if policies hide rows; errors as
// Session::Query.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "difference/difference.h"
#include "plan/change.h"
#include "postgres/session.h"
#include "release/previous_release.h"

namespace ballast::change {

// The statements behind the first one that somebody wrote and that may change rows, such as the
// DELETE of a down.sql: which rows they find is known only when they run.
std::span<const difference::Statement> AfterChangedRows(
    const std::vector<difference::Statement>& statements);

// The rows that make the statements fail, except those of AfterChangedRows. `in_transaction`: one
// is open, and remains usable.
Result<std::vector<plan::BlockingRows>> CountBlocking(
    const std::vector<difference::Statement>& statements, postgres::Session& session,
    bool in_transaction);

// What a rollback makes again without the data that the upgrade has dropped.
struct MadeAgainObject {
  std::string object;
  std::optional<int64_t>
      rows;  // of the column's table; nullopt: a table, or they cannot be counted
};

struct LossQuestion {
  const std::vector<release::RollbackLoss>& losses;      // what the change can lose
  const std::vector<difference::Statement>& statements;  // describe values of no other type
  const std::vector<std::string>& allowed;               // globs on object names
  bool keep_data = false;
};

struct LossCount {
  std::vector<plan::DataLoss> losses;               // those that have rows or values
  std::vector<release::RollbackLoss> without_data;  // may not be lost, and must have none later
  std::vector<release::RollbackLoss> to_keep;       // to be moved to ballast_kept
  std::vector<plan::BlockingRows> unconvertible;    // values that make the conversion fail
};

// The rows in which the columns are made again.
std::vector<MadeAgainObject> CountMadeAgain(const std::vector<release::RollbackLoss>& made_again,
                                            postgres::Session& session);

Result<LossCount> CountLosses(const LossQuestion& question, postgres::Session& session);

}  // namespace ballast::change
