// SPDX-License-Identifier: Apache-2.0
// The properties of one SQL statement that follow from its text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sql/object_name.h"

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
  kUnknown  // begins with an unknown word
};

// What a statement does to the transaction ("SQL Commands").
enum class TransactionAct {
  kNone,
  kBegin,  // also START TRANSACTION
  kCommit,
  kRollback,
  kCommitAndChain,  // begins another one
  kRollbackAndChain,
  kSavepoint,
  kRelease,
  kRollbackTo,
  kPrepare,         // PREPARE TRANSACTION, which ends it here
  kFinishPrepared,  // COMMIT PREPARED and ROLLBACK PREPARED
};

// Whether no transaction is open after it.
constexpr bool EndsTransaction(TransactionAct act) {
  return act == TransactionAct::kCommit || act == TransactionAct::kRollback ||
         act == TransactionAct::kPrepare;
}

// An enum value that a statement adds.
struct AddedValue {
  ObjectName type;
  std::string value;

  bool operator==(const AddedValue&) const = default;
};

struct Statement {
  std::string_view text;  // a view into the script
  size_t offset = 0;      // in bytes
  int line = 1;
  StatementKind kind = StatementKind::kUnknown;
  ObjectName object;  // the table or type that it concerns, if any
  // PostgreSQL refuses it inside a transaction block (PreventInTransactionBlock).
  bool runs_outside_transaction = false;
  TransactionAct transaction = TransactionAct::kNone;
  bool commits_in_code = false;   // a DO block with a statement COMMIT or ROLLBACK
  bool sets_transaction = false;  // SET TRANSACTION, or a setting of the transaction itself
  // `transaction` is not kNone, or it is code (DO, CALL) that may commit.
  bool transaction_control = false;
  // Changes that persist in the session: SET, temporary tables, LISTEN, PREPARE, advisory locks …
  bool session_state = false;
  // Changes that persist until the transaction ends: SET LOCAL, SET CONSTRAINTS …
  bool local_state = false;
  bool writes_rows = false;  // or can
  std::vector<AddedValue> added_values;
};

}  // namespace ballast::sql
