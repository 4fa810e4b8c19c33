// SPDX-License-Identifier: Apache-2.0
// What one SQL statement does, as far as its text tells.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ballast::sql {

enum class StatementKind {
  kQuery,  // SELECT, VALUES, TABLE, EXPLAIN, SHOW
  kInsert,
  kUpdate,
  kDelete,
  kMerge,
  kTruncate,
  kCopy,
  kCreateTable,
  kCreateTableAs,  // also CREATE MATERIALIZED VIEW
  kAlterTable,
  kDropTable,
  kCreateIndex,
  kDropIndex,
  kReindex,
  kCreateType,
  kAlterType,
  kDropType,
  kCreateView,
  kCreateRoutine,
  kCreateTrigger,
  kCreateSchema,
  kCreateExtension,
  kCreateOther,
  kAlterOther,
  kDropOther,
  kComment,
  kGrant,  // also REVOKE
  kDo,
  kCall,
  kSet,  // also RESET and DISCARD
  kTransaction,
  kMaintenance,  // VACUUM, ANALYZE, CLUSTER, REFRESH, CHECKPOINT
  kOther,
  kUnknown  // starts with no word that we know
};

// An enum value that a statement adds; the type by NameContent of its parts ("public.Role").
struct AddedValue {
  std::string type;
  std::string value;

  bool operator==(const AddedValue&) const = default;
};

struct Statement {
  std::string_view text;  // a view into the script
  size_t offset = 0;      // in bytes
  int line = 1;
  StatementKind kind = StatementKind::kUnknown;
  std::string object;  // the table or type that it is about, if it is about one: "public.User"
  // PostgreSQL refuses it inside a transaction block (PreventInTransactionBlock).
  bool runs_outside_transaction = false;
  // BEGIN, COMMIT, SAVEPOINT …; or code (DO, CALL) that may commit.
  bool transaction_control = false;
  // What outlives it in the session: SET, temporary tables, LISTEN, PREPARE, advisory locks …
  bool session_state = false;
  // What outlives it until the transaction ends: SET LOCAL, SET CONSTRAINTS …
  bool local_state = false;
  bool writes_rows = false;  // or may
  std::vector<AddedValue> added_values;
};

}  // namespace ballast::sql
