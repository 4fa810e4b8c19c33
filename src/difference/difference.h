// SPDX-License-Identifier: Apache-2.0
// The difference of two databases as DDL: what has to run on the one to make it the other, in
// order, with what each statement does to the tables and to their rows. Pure: both databases are
// values (introspect/catalog_reader.h), and nothing is proven here. Whoever uses a script runs it
// on a copy of `from`, reads the snapshot and compares it with that of `to`.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/database.h"

namespace ballast::difference {

// Of the tables that exist, by strength (PostgreSQL manual 13.3.1).
enum class LockMode {
  kNone,  // of new objects, or of none that a query waits for
  kAccessShare,
  kRowShare,
  kRowExclusive,
  kShareUpdateExclusive,
  kShare,
  kShareRowExclusive,
  kExclusive,
  kAccessExclusive
};
std::string_view NameOf(LockMode mode);  // "ACCESS EXCLUSIVE"; empty for kNone

// Where a statement may run.
enum class Placement {
  kTogether,     // in the one transaction
  kCommitFirst,  // before it and committed: ALTER TYPE … ADD VALUE, where the value is then used
};

enum class ActionKind { kDrop, kCreate, kAlter };

struct Statement {
  std::string text;    // one or a few statements, each ended by ";\n"
  std::string object;  // "table \"User\"", "index \"User_email_key\""
  ActionKind kind = ActionKind::kAlter;
  LockMode lock = LockMode::kNone;
  bool rewrites = false;  // the table's rows are all written again
  // What rows may make it fail ("NULL in \"User\".\"name\""), and a query on the database before
  // the script that lists them, without its semicolon. Empty: none can; or, for the query alone,
  // none can be written.
  std::string fails_on;
  std::string offending_rows;
  // Objects whose rows or values are gone afterwards: "table \"Old\"", "column \"User\".\"age\"".
  std::vector<std::string> loses;
  // What is to be moved to keep them: the table, and the column where it is one; else empty.
  std::string lost_table;
  std::string lost_column;
  // CREATE INDEX on a table that exists: the same with CONCURRENTLY, outside of a transaction.
  std::string concurrently;
  std::string table;  // that `offending_rows` or `concurrently` is about, quoted
  Placement placement = Placement::kTogether;
};

struct Script {
  std::vector<Statement> statements;

  bool empty() const { return statements.empty(); }
};

struct Options {
  int server_major = 18;
  // Of objects that only `from` has: true leaves them, but for those that `managed` has. Columns,
  // constraints and rules of tables that both have are dropped all the same, since they are of the
  // table's shape.
  bool keep_additions = false;
  // The state that `from` was proven to have; null: none.
  const catalog::Database* managed = nullptr;
  // Objects that neither are changed nor dropped nor made, by label ("index \"X\""). Empty: none.
  std::function<bool(const std::string& label)> ignore;
};

// B511 with the names of what DDL cannot express: a new partition key of a table that has rows, a
// column whose type is exchanged and that a table is partitioned by, kinds that the model does not
// carry.
Result<Script> Diff(const catalog::Database& from, const catalog::Database& to,
                    const Options& options = {});

// The texts of its transactions, in order: what has to be committed first, then the rest.
std::vector<std::string> TransactionsOf(const Script& script);

// All of a script as text, with the settings that it needs at the start.
std::string RenderScript(const Script& script);

}  // namespace ballast::difference
