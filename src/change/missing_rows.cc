// SPDX-License-Identifier: Apache-2.0
#include "change/missing_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "base/sqlstate.h"
#include "base/text.h"
#include "catalog/object_identity.h"
#include "change/hidden_rows.h"
#include "change/single_rows.h"
#include "introspect/known_rows.h"
#include "plan/sequence_values.h"
#include "sql/quote.h"
#include "sql/split.h"

namespace ballast::change {
namespace {

// Rows that conflict with others are left out.
std::string InsertOf(const proof::GoalRows& rows) {
  std::string text;
  for (const sql::StatementText& piece : sql::SplitScript(rows.insert)) {
    const bool inserts = piece.text.starts_with("INSERT");
    text += std::string(piece.text) + (inserts ? "\nON CONFLICT DO NOTHING;\n" : ";\n");
  }
  return text;
}

// Each INSERT as a query of the number of rows that it inserts.
std::string CountingInsertOf(const std::string& insert) {
  std::string text;
  for (const sql::StatementText& piece : sql::SplitScript(insert)) {
    if (!piece.text.starts_with("INSERT")) continue;
    text += "WITH inserted AS (" + std::string(piece.text) +
            " RETURNING 1) SELECT count(*) FROM inserted;\n";
  }
  return text;
}

// A later schema of the search_path can have a table of this name, too.
std::string InSchema(const std::string& table, const std::string& schema) {
  const bool named = catalog::PartsOf(table).size() > 1;
  return named ? table : sql::QuoteIdentifier(schema) + "." + table;
}

// A constraint, or a trigger that raises an error (class P0 of the manual's appendix A).
bool IsRefusal(const std::string& state) {
  return sqlstate::IsIntegrityConstraintViolation(state) || state.starts_with("P0");
}

struct RowKey {
  std::string literals;  // as introspect::KeySql writes it
  std::string printed;   // by the server; empty if the table has none
};

RowKey KeyOf(postgres::Session& session, const SingleRow& row,
             const std::vector<std::string>& keys) {
  if (keys.empty()) return {};
  const postgres::Outcome outcome = session.Run(
      fmt::format("SAVEPOINT key;\nSELECT {}, ROW({})::text FROM (VALUES {}) AS given {};\n",
                  introspect::KeySql(keys), Join(keys, ", "), row.values, row.columns));
  if (outcome.error) {
    session.Run("ROLLBACK TO key");
    return {};
  }
  const std::vector<postgres::Value>& values = outcome.results.back().rows.at(0);
  return {values.at(0).value_or(""), values.at(1).value_or("")};
}

size_t InsertedIn(const postgres::Outcome& outcome) {
  size_t inserted = 0;
  for (const postgres::Rows& answer : outcome.results) {
    if (answer.rows.empty()) continue;
    inserted += static_cast<size_t>(std::atoll(answer.rows[0].at(0).value_or("0").c_str()));
  }
  return inserted;
}

constexpr char kCheck[] = "SET CONSTRAINTS ALL IMMEDIATE;\nSET CONSTRAINTS ALL DEFERRED;\n";

struct Candidate {
  MissingRows rows;
  const proof::GoalRows* goal = nullptr;
  std::set<std::string> present;  // keys
};

// Of a partitioned table, those of the partitions count, too.
Status FindTriggers(postgres::Session& session, std::vector<Candidate>& candidates) {
  for (Candidate& candidate : candidates) {
    MissingRows& rows = candidate.rows;
    if (!rows.exists) continue;
    TRY_ASSIGN(const auto answers,
               session.Query(fmt::format(
                   "SELECT DISTINCT quote_ident(t.tgname) FROM pg_catalog.pg_trigger t, "
                   "pg_catalog.to_regclass({}) AS c WHERE (t.tgrelid = c OR t.tgrelid IN (SELECT "
                   "relid FROM pg_catalog.pg_partition_tree(c))) AND NOT t.tgisinternal AND "
                   "t.tgenabled IN ('O', 'A') AND t.tgtype & 4 <> 0 ORDER BY 1",
                   sql::QuoteLiteral(rows.table))));
    for (const auto& row : answers.back().rows) rows.triggers.push_back(row[0].value_or(""));
  }
  return {};
}

// Those of the database, and those that it will have.
Status FindRules(postgres::Session& session, std::vector<Candidate>& candidates) {
  for (Candidate& candidate : candidates) {
    std::vector<std::string>& rules = candidate.rows.rules;
    TRY_ASSIGN(rules, introspect::RulesAgainstOnConflict(session, candidate.rows.table));
    for (const std::string& rule : candidate.goal->rules) {
      if (std::ranges::find(rules, rule) == rules.end()) rules.push_back(rule);
    }
  }
  return {};
}

// Inserts the missing rows one by one, as often as one can be inserted: a row may refer to another.
class OneByOne {
 public:
  OneByOne(postgres::Session& session, const Candidate& candidate)
      : session_(session), candidate_(candidate) {}

  Result<AcceptedRows> Insert() {
    TRY(ReadRows());
    accepted_.insert = first_;
    TRY(session_.Query(first_ + "SELECT 1"));
    size_t before = rest_.size() + 1;
    while (rest_.size() < before) {
      before = rest_.size();
      TRY(InsertRest());
    }
    accepted_.insert += last_;
    TRY(session_.Query(last_ + "SELECT 1"));
    for (const Row& row : rest_) {
      const std::string name =
          row.key.empty() ? ""
                          : fmt::format("({}) = {}: ", Join(candidate_.goal->keys, ", "), row.key);
      accepted_.refused.push_back(name + row.why);
    }
    return std::move(accepted_);
  }

 private:
  struct Row {
    std::string insert;
    std::string key;  // as the server prints it; or empty
    std::string why;  // it was refused
  };

  // The settings before and after the rows stay there.
  Status ReadRows() {
    for (const sql::StatementText& piece : sql::SplitScript(candidate_.goal->insert)) {
      const std::vector<SingleRow> singles = SingleRowsOf(piece.text);
      if (singles.empty()) (rest_.empty() ? first_ : last_) += std::string(piece.text) + ";\n";
      for (const SingleRow& single : singles) {
        const RowKey key = KeyOf(session_, single, candidate_.goal->keys);
        if (candidate_.present.contains(key.literals)) continue;
        rest_.push_back({single.insert + "\nON CONFLICT DO NOTHING", key.printed, {}});
      }
    }
    return {};
  }

  Status InsertRest() {
    std::vector<Row> refused;
    for (Row& row : rest_) {
      const postgres::Outcome outcome = session_.Run(
          "SAVEPOINT one_row;\n" + CountingInsertOf(row.insert) + kCheck + "RELEASE one_row");
      if (!outcome.error) {
        accepted_.inserted += InsertedIn(outcome);
        accepted_.insert += row.insert + ";\n";
        continue;
      }
      TRY(session_.Query("ROLLBACK TO one_row"));
      row.why = outcome.error->message;
      refused.push_back(std::move(row));
    }
    rest_ = std::move(refused);
    return {};
  }

  postgres::Session& session_;
  const Candidate& candidate_;
  std::string first_;
  std::string last_;
  std::vector<Row> rest_;  // not inserted yet
  AcceptedRows accepted_;
};

// Fails where the table differs, or the role may only read: then the number is not known.
Status TryInserts(postgres::Session& session, std::vector<Candidate>& candidates) {
  TRY(session.Query("BEGIN; SET LOCAL lock_timeout = '1s'"));
  for (Candidate& candidate : candidates) {
    MissingRows& rows = candidate.rows;
    if (!rows.tried || !rows.exists || !rows.rules.empty()) continue;
    const postgres::Outcome outcome =
        session.Run("SAVEPOINT before_rows;\n" + CountingInsertOf(rows.insert) + kCheck);
    if (!outcome.error) {
      rows.inserted = InsertedIn(outcome);
      continue;
    }
    TRY(session.Query("ROLLBACK TO before_rows"));
    if (!IsRefusal(outcome.error->sqlstate)) continue;
    TRY_ASSIGN(rows.accepted, OneByOne(session, candidate).Insert());
  }
  TRY(session.Query("ROLLBACK"));
  return {};
}

// A trigger that runs before a row is inserted can leave it out.
std::string OrTriggers(const MissingRows& rows) {
  if (rows.triggers.empty()) return {};
  return fmt::format(", or {} {} them out: {}",
                     rows.triggers.size() == 1 ? "a trigger" : "triggers",
                     rows.triggers.size() == 1 ? "leaves" : "leave", JoinSome(rows.triggers));
}

std::string NotTried(const MissingRows& rows) {
  return fmt::format(
      "ballast did not try whether {} of {} can be inserted, because {} would run: {}; rows that "
      "are refused, or have the unique value of another row, are left out",
      Counted(rows.count, "row"), rows.table,
      rows.triggers.size() == 1 ? "its trigger" : "its triggers", JoinSome(rows.triggers));
}

std::string AreInTheWay(const std::vector<std::string>& rules) {
  return fmt::format("{} of the table {} no INSERT that leaves out existing rows: {}",
                     rules.size() == 1 ? "a rule" : "rules", rules.size() == 1 ? "allows" : "allow",
                     JoinSome(rules));
}

constexpr char kSameValues[] = "other rows have the same unique values";

void AddNotice(const std::string& table, size_t count, const std::string& why,
               RestoredRows& restored) {
  if (count == 0) return;
  restored.missing += count;
  restored.notices.push_back(
      fmt::format("{} of {} cannot be inserted: {}", Counted(count, "row"), table, why));
}

void AddRows(const MissingRows& rows, size_t count, const std::string& insert,
             RestoredRows& restored) {
  if (count == 0) return;
  restored.rows.push_back((rows.tried ? "" : "up to ") + Counted(count, "row") + " of " +
                          rows.table);
  restored.tables.push_back(rows.table);
  restored.script += insert + plan::ContinueSequencesSql(rows.table);
}

// The rows that the table can get, if the change leaves what refuses the others.
void AddAccepted(const MissingRows& rows, const AcceptedRows& accepted, RestoredRows& restored) {
  const size_t conflicting =
      rows.count - std::min(rows.count, accepted.inserted + accepted.refused.size());
  AddNotice(rows.table, conflicting, kSameValues + OrTriggers(rows), restored);
  AddNotice(rows.table, accepted.refused.size(), JoinSome(accepted.refused), restored);
  AddRows(rows, accepted.inserted, accepted.insert, restored);
}

// What the live table has of the goal's rows.
struct PresentRows {
  bool exists = true;          // the table
  size_t rows = 0;             // at most as many as the goal has; 0 where the keys are known
  std::set<std::string> keys;  // of the goal
};

Status ReadPresent(postgres::Session& session, const proof::GoalRows& goal,
                   const std::string& table, PresentRows& present) {
  const size_t count = goal.key_values.size();
  if (!goal.known_keys) {
    TRY_ASSIGN(const postgres::Value rows,
               session.QueryValue(fmt::format("SELECT count(*) FROM (SELECT FROM {} LIMIT {}) AS t",
                                              table, count)));
    present.rows = static_cast<size_t>(std::atoll(rows.value_or("0").c_str()));
    if (goal.keys.empty() || present.rows == 0 || present.rows >= count) return {};
  }
  TRY_ASSIGN(present.keys, introspect::FindKeys(session, table, goal.keys, goal.key_values));
  return {};
}

Result<PresentRows> FindPresent(postgres::Session& session, const proof::GoalRows& goal,
                                const std::string& table) {
  PresentRows present;
  const Status read = ReadPresent(session, goal, table, present);
  if (read) return present;
  const Error& error = read.error();
  if (IsHiddenByPolicy(error)) return HiddenRows(error);
  // The table can be missing, or a column of its key.
  const std::string state = error.Detail("sqlstate");
  if (!sqlstate::IsUndefinedObject(state)) return error;
  present.exists = state != sqlstate::kUndefinedTable;
  return present;
}

}  // namespace

RestoredRows RestoreRows(const std::vector<MissingRows>& missing,
                         const std::function<bool(const std::string& table)>& changes) {
  RestoredRows restored;
  for (const MissingRows& rows : missing) {
    const std::string count = Counted(rows.count, "row");
    if (!rows.comparable) {
      restored.notices.push_back(
          fmt::format("{} of {} that the migrations insert cannot be compared with those of the "
                      "table, because their keys can differ; none is inserted",
                      count, rows.table));
      continue;
    }
    if (!rows.rules.empty()) {
      AddNotice(rows.table, rows.count, AreInTheWay(rows.rules), restored);
      continue;
    }
    if (rows.accepted && !changes(rows.table)) {
      AddAccepted(rows, *rows.accepted, restored);
      continue;
    }
    const size_t inserted = std::min(rows.count, rows.inserted.value_or(rows.count));
    AddNotice(rows.table, rows.count - inserted, kSameValues + OrTriggers(rows), restored);
    if (!rows.tried) restored.notices.push_back(NotTried(rows));
    AddRows(rows, inserted, rows.insert, restored);
  }
  return restored;
}

Result<std::vector<MissingRows>> FindMissingRows(const std::vector<proof::GoalRows>& goal,
                                                 const std::string& schema, bool only_shows,
                                                 postgres::Session& session) {
  std::vector<Candidate> candidates;
  for (const proof::GoalRows& rows : goal) {
    TRY_ASSIGN(PresentRows present, FindPresent(session, rows, InSchema(rows.table, schema)));
    const auto count = static_cast<size_t>(
        std::count_if(rows.key_values.begin(), rows.key_values.end(),
                      [&](const std::string& key) { return !present.keys.contains(key); }));
    const bool comparable = rows.known_keys || present.rows == 0;
    // A table with as many rows as the migrations insert can have all of them, under other keys.
    // Without a key, it is not known which of them it has.
    const bool complete =
        !comparable && (present.rows >= rows.key_values.size() || rows.keys.empty());
    if (count == 0 || complete) continue;
    MissingRows found{rows.table, count, InsertOf(rows)};
    found.comparable = comparable;
    found.exists = present.exists;
    candidates.push_back({std::move(found), &rows, std::move(present.keys)});
  }
  TRY(FindRules(session, candidates));
  TRY(FindTriggers(session, candidates));
  for (Candidate& candidate : candidates) {
    candidate.rows.tried = !only_shows || candidate.rows.triggers.empty();
  }
  if (!candidates.empty()) TRY(TryInserts(session, candidates));
  std::vector<MissingRows> missing;
  missing.reserve(candidates.size());
  for (Candidate& candidate : candidates) missing.push_back(std::move(candidate.rows));
  return missing;
}

}  // namespace ballast::change
