// SPDX-License-Identifier: Apache-2.0
// The difference of two databases as DDL: ordered statements that change one into the other, with
// their effects on tables and rows. Pure: both databases are values (introspect/catalog_reader.h),
// and nothing is proven here. The caller must run the script on a copy of `from`, read the
// snapshot, and compare it with that of `to`.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/database.h"
#include "catalog/object_ref.h"
#include "sql/lock_mode.h"

namespace ballast::difference {

using sql::LockMode;
using sql::LockModeNamed;
using sql::NameOf;

// Where a statement can run.
enum class Placement {
  kTogether,     // in the common transaction
  kCommitFirst,  // before it, committed first: ALTER TYPE … ADD VALUE if the value is then used
};

enum class ActionKind {
  kDrop,
  kCreate,
  kAlter,
  kRename  // of a script that ballast wrote; only the text is known (Statement::described)
};

// Why rows make a statement fail.
enum class FailureCause {
  kRows,         // the rows can be corrected before it
  kMissingValue  // it adds a required column, so that no row can have a value before
};

// What of its target a statement changes.
enum class StatementPurpose {
  kObject,         // the object itself, or a part of its definition
  kRenameAside,    // its name, so that another object can have it
  kColumnDefault,  // the default of a column
  kAttachment,     // as a partition
  kSetting         // its comment, its owner, privileges on it, or whether policies apply
};

// One statement, for its own transaction, or outside of any.
struct OnlineStep {
  std::string text;
  ActionKind kind = ActionKind::kCreate;
  LockMode lock = LockMode::kShareUpdateExclusive;
};

struct Statement {
  std::string text;    // one or a few statements, each ended by ";\n"
  std::string object;  // for people: "table \"User\"", "index \"User_email_key\""
  // The object that it concerns, as a model names it. Without a kind: not known, as in scripts of
  // packages, except for what ReadLabel (statement_target.h) finds.
  catalog::ObjectRef target;
  StatementPurpose purpose = StatementPurpose::kObject;
  ActionKind kind = ActionKind::kAlter;
  LockMode lock = LockMode::kNone;  // on existing tables, if a query waits for it
  bool rewrites = false;            // all rows of the table are rewritten
  // Rows that can make it fail ("NULL in \"User\".\"name\""), and a query without semicolon that
  // lists them before the script runs. Empty: there are none; for the query alone: SQL cannot
  // express it.
  std::string fails_on;
  FailureCause cause = FailureCause::kRows;  // of fails_on
  std::string offending_rows;
  // SQL that has to run before these rows can be corrected: it adds what their new values need.
  std::string before_correction;
  // Objects whose rows or values are lost: "table \"Old\"", "column \"User\".\"age\"".
  std::vector<std::string> loses;
  // The table to move in order to keep them, and the column if it is one; else empty.
  std::string lost_table;
  std::string lost_column;
  std::vector<std::string> lost_columns;  // instead: several, one for each of `loses`
  std::string lost_values;    // a condition on rows: only these values of the column are lost
  bool nulls_values = false;  // those that are lost become NULL
  // The quoted table of `offending_rows` or `online`, or with the values that a sequence continues
  // after.
  std::string table;
  // The same in steps that are committed one by one, because each of them blocks the application
  // for less time: an index that is built concurrently, a constraint that is validated after it was
  // added. Empty: there are none.
  std::vector<OnlineStep> online;
  // It uses no function, whose body could use anything, and nothing else that the script changes,
  // except for tables.
  bool stands_alone = false;
  std::string references;    // of a foreign key: the quoted table
  bool makes_a_key = false;  // or a column, which a foreign key to the table can need
  std::string added_label;   // of ALTER TYPE … ADD VALUE
  Placement placement = Placement::kTogether;
  bool described = true;  // false: of a script that somebody wrote; only the text is known
};

struct Script {
  std::vector<Statement> statements;
  // Objects that only `from` has and that no statement names: the server drops them with the object
  // or the columns that they belong to.
  std::vector<catalog::ObjectRef> dropped_additions = {};

  bool empty() const { return statements.empty(); }
};

struct Options {
  int server_major = 18;
  // For objects that only `from` has: true keeps them, except for those in `managed`. Columns,
  // constraints and rules of tables that both have are always dropped, because they are part of the
  // table's definition.
  bool keep_additions = false;
  // The state that `from` was proven to have; or null.
  const catalog::Database* managed = nullptr;
  // Objects to ignore in both databases.
  std::function<bool(const catalog::ObjectRef& object)> ignore;
};

// B511 with the names of everything that DDL cannot express: a new partition key of a table that
// has rows, a changed type of a partition key column, kinds that the model does not support.
Result<Script> Diff(const catalog::Database& from, const catalog::Database& to,
                    const Options& options = {});

// The texts of its transactions, in order: statements to be committed first, then the rest.
std::vector<std::string> TransactionsOf(const Script& script);

// The complete script, beginning with the settings that it needs.
std::string RenderScript(const Script& script);

}  // namespace ballast::difference
