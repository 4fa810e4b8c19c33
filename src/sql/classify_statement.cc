// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include "base/text.h"
#include "sql/classify_statement.h"

namespace ballast::sql {
namespace {

using Kind = StatementKind;

constexpr auto kFirstWords =
    std::to_array<std::pair<std::string_view, Kind>>({{"select", Kind::kQuery},
                                                      {"values", Kind::kQuery},
                                                      {"table", Kind::kQuery},
                                                      {"with", Kind::kQuery},
                                                      {"(", Kind::kQuery},
                                                      {"explain", Kind::kQuery},
                                                      {"show", Kind::kQuery},
                                                      {"insert", Kind::kInsert},
                                                      {"update", Kind::kUpdate},
                                                      {"delete", Kind::kDelete},
                                                      {"merge", Kind::kMerge},
                                                      {"truncate", Kind::kTruncate},
                                                      {"copy", Kind::kCopy},
                                                      {"reindex", Kind::kReindex},
                                                      {"comment", Kind::kComment},
                                                      {"grant", Kind::kGrant},
                                                      {"revoke", Kind::kGrant},
                                                      {"do", Kind::kDo},
                                                      {"call", Kind::kCall},
                                                      {"set", Kind::kSet},
                                                      {"reset", Kind::kSet},
                                                      {"discard", Kind::kSet},
                                                      {"begin", Kind::kTransaction},
                                                      {"start", Kind::kTransaction},
                                                      {"commit", Kind::kTransaction},
                                                      {"end", Kind::kTransaction},
                                                      {"rollback", Kind::kTransaction},
                                                      {"abort", Kind::kTransaction},
                                                      {"savepoint", Kind::kTransaction},
                                                      {"release", Kind::kTransaction},
                                                      {"vacuum", Kind::kMaintenance},
                                                      {"analyze", Kind::kMaintenance},
                                                      {"analyse", Kind::kMaintenance},
                                                      {"cluster", Kind::kMaintenance},
                                                      {"refresh", Kind::kMaintenance},
                                                      {"checkpoint", Kind::kMaintenance},
                                                      {"listen", Kind::kOther},
                                                      {"unlisten", Kind::kOther},
                                                      {"notify", Kind::kOther},
                                                      {"prepare", Kind::kOther},
                                                      {"execute", Kind::kOther},
                                                      {"deallocate", Kind::kOther},
                                                      {"lock", Kind::kOther},
                                                      {"load", Kind::kOther},
                                                      {"declare", Kind::kOther},
                                                      {"fetch", Kind::kOther},
                                                      {"move", Kind::kOther},
                                                      {"close", Kind::kOther},
                                                      {"security", Kind::kOther},
                                                      {"import", Kind::kOther},
                                                      {"reassign", Kind::kOther}});

// What is created, altered or dropped, and the kinds that this makes.
struct ObjectWord {
  std::string_view word;
  Kind create;
  Kind alter;
  Kind drop;
};
constexpr auto kObjectWords = std::to_array<ObjectWord>(
    {{"table", Kind::kCreateTable, Kind::kAlterTable, Kind::kDropTable},
     {"index", Kind::kCreateIndex, Kind::kAlterOther, Kind::kDropIndex},
     {"type", Kind::kCreateType, Kind::kAlterType, Kind::kDropType},
     {"domain", Kind::kCreateType, Kind::kAlterType, Kind::kDropType},
     {"view", Kind::kCreateView, Kind::kAlterOther, Kind::kDropOther},
     {"function", Kind::kCreateRoutine, Kind::kAlterOther, Kind::kDropOther},
     {"procedure", Kind::kCreateRoutine, Kind::kAlterOther, Kind::kDropOther},
     {"trigger", Kind::kCreateTrigger, Kind::kAlterOther, Kind::kDropOther},
     {"schema", Kind::kCreateSchema, Kind::kAlterOther, Kind::kDropOther},
     {"extension", Kind::kCreateExtension, Kind::kAlterOther, Kind::kDropOther}});

bool IsModifier(const TokenReader& at) {
  for (const std::string_view word :
       {"or", "replace", "global", "local", "temp", "temporary", "unlogged", "unique", "recursive",
        "constraint", "trusted", "procedural", "foreign"}) {
    if (at.Is(word)) return true;
  }
  return false;
}

void SkipModifiers(TokenReader& reader) {
  while (IsModifier(reader)) reader.Skip();
}

void SkipIfExists(TokenReader& reader) {
  if (reader.Take("if")) {
    reader.Take("not");
    reader.Take("exists");
  }
}

// The table of CREATE INDEX … ON [ONLY] and CREATE TRIGGER … ON.
ObjectName NameAfterOn(TokenReader reader) {
  while (!reader.AtEnd() && !reader.Is("on")) reader.Skip();
  reader.Skip();
  reader.Take("only");
  return reader.TakeName();
}

ObjectName ObjectOf(TokenReader reader, Kind kind) {
  if (kind == Kind::kCreateIndex || kind == Kind::kCreateTrigger) return NameAfterOn(reader);
  reader.Take("concurrently");
  SkipIfExists(reader);
  reader.Take("only");
  return reader.TakeName();
}

Kind KindOfTable(TokenReader reader) {
  SkipIfExists(reader);
  reader.TakeName();
  reader.SkipParentheses();
  return reader.Is("partition")                      ? Kind::kCreateTable
         : reader.Has("as") && !reader.Has("always") ? Kind::kCreateTableAs
                                                     : Kind::kCreateTable;
}

// CREATE, ALTER and DROP.
void IdentifyDefinition(TokenReader reader, Statement& statement) {
  const bool create = reader.Is("create");
  const bool alter = reader.Is("alter");
  reader.Skip();
  SkipModifiers(reader);
  statement.kind = create ? Kind::kCreateOther : alter ? Kind::kAlterOther : Kind::kDropOther;
  const bool materialized = reader.Take("materialized");
  for (const ObjectWord& object : kObjectWords) {
    if (!reader.Is(object.word)) continue;
    reader.Skip();
    statement.kind = create ? object.create : alter ? object.alter : object.drop;
    if (statement.kind == Kind::kCreateTable) statement.kind = KindOfTable(reader);
    if (materialized && create) statement.kind = Kind::kCreateTableAs;
    statement.object = ObjectOf(reader, statement.kind);
    return;
  }
}

void IdentifyKind(const TokenReader& reader, Statement& statement) {
  if (reader.Is("create") || reader.Is("alter") || reader.Is("drop")) {
    return IdentifyDefinition(reader, statement);
  }
  for (const auto& [word, kind] : kFirstWords) {
    if (reader.Is(word)) statement.kind = kind;
  }
}

void IdentifyObject(TokenReader reader, Statement& statement) {
  if (statement.kind != Kind::kUpdate && statement.kind != Kind::kDelete &&
      statement.kind != Kind::kInsert && statement.kind != Kind::kTruncate) {
    return;
  }
  reader.Skip();
  for (const std::string_view word : {"from", "into", "table", "only"}) reader.Take(word);
  statement.object = reader.TakeName();
}

// CREATE SUBSCRIPTION makes a slot unless its options say otherwise, DROP SUBSCRIPTION drops one,
// and ALTER SUBSCRIPTION asks the publisher for its tables.
bool IsOutsideSubscription(TokenReader reader, bool create, bool alter) {
  if (create) return !(reader.Has("create_slot") || reader.Has("connect"));
  if (!alter) return true;
  reader.Skip();
  reader.TakeName();
  if (reader.Is("refresh")) return true;
  const bool changes = reader.Is("set") || reader.Is("add") || reader.Is("drop");
  return changes && reader.Is("publication", 1) && !reader.Has("refresh");
}

bool IsOutsideDefinition(TokenReader reader) {
  const bool alter = reader.Is("alter");
  const bool create = reader.Is("create");
  reader.Skip();
  SkipModifiers(reader);
  if (reader.Is("index")) return reader.Is("concurrently", 1);
  if (reader.Is("table")) return alter && reader.Has("partition") && reader.Has("concurrently");
  if (reader.Is("system")) return alter;
  if (reader.Is("tablespace")) return !alter;
  if (reader.Is("database")) return !alter || reader.Has("set", "tablespace");
  return reader.Is("subscription") && IsOutsideSubscription(reader, create, alter);
}

// REINDEX [ ( … ) ] { INDEX | TABLE | SCHEMA | DATABASE | SYSTEM } [ CONCURRENTLY ] name. Of a
// partitioned table or index, the server refuses it, too.
bool IsOutsideReindex(TokenReader reader) {
  reader.Skip();
  if (reader.TakeParentheses().Has("concurrently")) return true;
  return reader.Is("schema") || reader.Is("database") || reader.Is("system") ||
         reader.Is("concurrently", 1);
}

// Who calls PreventInTransactionBlock (postgres: src/backend/tcop/utility.c, src/backend/commands).
bool RunsOutside(TokenReader reader, Kind kind) {
  if (reader.Is("create") || reader.Is("alter") || reader.Is("drop")) {
    return IsOutsideDefinition(reader);
  }
  if (reader.Is("vacuum")) return true;
  if (reader.Is("discard")) return reader.Is("all", 1);
  if (reader.Is("cluster"))
    return reader.left() == 1 || (reader.Is("verbose", 1) && reader.left() == 2);
  if (kind == Kind::kReindex) return IsOutsideReindex(reader);
  return (reader.Is("commit") || reader.Is("rollback")) && reader.Is("prepared", 1);
}

bool CallsSessionFunction(const TokenReader& reader) {
  for (const std::string_view function :
       {"pg_advisory_lock", "pg_advisory_lock_shared", "pg_try_advisory_lock",
        "pg_try_advisory_lock_shared", "set_config"}) {
    if (reader.Has(function)) return true;
  }
  return false;
}

// Whether COMMIT or ROLLBACK comes next, as a statement of PL/pgSQL ("Transaction Management").
// Elsewhere they are other words: ON COMMIT DROP, a column of that name.
bool EndsTransactionInCode(TokenReader at) {
  if (!at.Take("commit") && !at.Take("rollback")) return false;
  return at.AtEnd() || at.Is(";") || at.Is("and");
}

bool IsBeforeStatementOfCode(const TokenReader& at) {
  for (const std::string_view word : {";", "begin", "then", "else", "loop"}) {
    if (at.Is(word)) return true;
  }
  return false;
}

// Code in a DO block: statements in it are found by their keywords at any position.
void IdentifyCode(std::string_view code, Statement& statement) {
  const std::vector<Token> tokens = Tokenize(code);
  const TokenReader whole(code, tokens);
  statement.session_state |= CallsSessionFunction(whole) || whole.Has("temp") ||
                             whole.Has("temporary") || whole.Has("listen");
  for (TokenReader at = whole; !at.AtEnd(); at.Skip()) {
    const bool starts = IsBeforeStatementOfCode(at);
    TokenReader next = at;
    next.Skip();
    statement.commits_in_code |= starts && EndsTransactionInCode(next);
    statement.session_state |= starts && at.Is("set", 1) && !at.Is("local", 2);
    statement.local_state |= starts && at.Is("set", 1) && at.Is("local", 2);
    if (at.Kind() != TokenKind::kString) continue;
    const std::string text = ToLowerAscii(StringContent(at.Text()));
    statement.session_state |= text.starts_with("set ");
  }
  statement.transaction_control |= statement.commits_in_code;
}

void IdentifySet(TokenReader reader, Statement& statement) {
  const bool set = reader.Take("set");
  const bool local =
      set && (reader.Is("local") || reader.Is("constraints") || reader.Is("transaction"));
  (local ? statement.local_state : statement.session_state) = true;
  if (!reader.Take("local")) reader.Take("session");
  for (const std::string_view word : {"transaction", "transaction_isolation",
                                      "transaction_read_only", "transaction_deferrable"}) {
    statement.sets_transaction |= set && reader.Is(word);
  }
}

void IdentifyState(const TokenReader& reader, Statement& statement) {
  if (statement.kind == Kind::kSet) return IdentifySet(reader, statement);
  if (CallsSessionFunction(reader)) {
    const bool local = reader.Has("set_config") && reader.Has("true") && !reader.Has("false");
    (local ? statement.local_state : statement.session_state) = true;
  }
  const bool temporary = reader.Is("temp", 1) || reader.Is("temporary", 1) ||
                         reader.Has("pg_temp") || reader.Has("into", "temp") ||
                         reader.Has("into", "temporary");
  statement.session_state |= temporary;
  statement.local_state |= temporary && reader.Has("commit");
  for (const std::string_view word : {"listen", "unlisten", "prepare", "deallocate", "load"}) {
    statement.session_state |= reader.Is(word);
  }
  statement.session_state |= reader.Is("declare") && reader.Has("hold");
}

TransactionAct TransactionActOf(TokenReader reader) {
  if (reader.Is("begin") || reader.Is("start")) return TransactionAct::kBegin;
  if (reader.Is("savepoint")) return TransactionAct::kSavepoint;
  if (reader.Is("release")) return TransactionAct::kRelease;
  if (reader.Take("prepare", "transaction")) return TransactionAct::kPrepare;
  const bool commits = reader.Take("commit") || reader.Take("end");
  if (!commits && !reader.Take("rollback") && !reader.Take("abort")) return TransactionAct::kNone;
  if (reader.Is("prepared")) return TransactionAct::kFinishPrepared;
  if (!reader.Take("transaction")) reader.Take("work");
  if (reader.Is("to")) return TransactionAct::kRollbackTo;
  const bool chains = reader.Take("and", "chain");
  if (commits) return chains ? TransactionAct::kCommitAndChain : TransactionAct::kCommit;
  return chains ? TransactionAct::kRollbackAndChain : TransactionAct::kRollback;
}

bool MayWriteRows(const TokenReader& reader, Kind kind) {
  switch (kind) {
    case Kind::kInsert:
    case Kind::kUpdate:
    case Kind::kDelete:
    case Kind::kMerge:
    case Kind::kTruncate:
    case Kind::kCopy:
    case Kind::kCreateTableAs:
    case Kind::kDo:
    case Kind::kCall:
      return true;
    case Kind::kQuery:
      return reader.Has("(") || reader.Has("into");
    case Kind::kOther:
      return reader.Is("execute");
    default:
      return false;
  }
}

// ALTER TYPE name ADD VALUE [IF NOT EXISTS] 'x', anywhere in the text and in strings within it.
void FindAddedValues(TokenReader at, int depth, std::vector<AddedValue>& found) {
  for (; !at.AtEnd(); at.Skip()) {
    if (depth > 0 && at.Kind() == TokenKind::kString) {
      const std::string inner = StringContent(at.Text());
      const std::vector<Token> tokens = Tokenize(inner);
      FindAddedValues({inner, tokens}, depth - 1, found);
    }
    if (!at.Is("alter") || !at.Is("type", 1)) continue;
    TokenReader clause = at;
    clause.Skip(2);
    const ObjectName type = clause.TakeName();
    if (!clause.Take("add", "value")) continue;
    SkipIfExists(clause);
    if (clause.Kind() != TokenKind::kString) continue;
    found.push_back({type, StringContent(clause.Text())});
  }
}

}  // namespace

void ClassifyStatement(const TokenReader& reader, Statement& statement) {
  IdentifyKind(reader, statement);
  IdentifyObject(reader, statement);
  statement.runs_outside_transaction = RunsOutside(reader, statement.kind);
  statement.transaction = TransactionActOf(reader);
  statement.transaction_control =
      statement.transaction != TransactionAct::kNone || statement.kind == Kind::kCall;
  IdentifyState(reader, statement);
  statement.writes_rows = MayWriteRows(reader, statement.kind);
  if (statement.kind == Kind::kAlterType || statement.kind == Kind::kDo) {
    FindAddedValues(reader, 2, statement.added_values);
  }
  if (statement.kind != Kind::kDo) return;
  for (TokenReader at = reader; !at.AtEnd(); at.Skip()) {
    if (at.Kind() == TokenKind::kString) IdentifyCode(StringContent(at.Text()), statement);
  }
}

}  // namespace ballast::sql
