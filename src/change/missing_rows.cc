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

// Of a partitioned table, those of the partitions count, too.
Status FindTriggers(postgres::Session& session, std::vector<MissingRows>& missing) {
  for (MissingRows& rows : missing) {
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

// A constraint, or a trigger that raises an error (class P0 of the manual's appendix A).
bool IsRefusal(const std::string& state) {
  return sqlstate::IsIntegrityConstraintViolation(state) || state.starts_with("P0");
}

// Fails where the table differs, or the role may only read: then the number is not known.
Status TryInserts(postgres::Session& session, std::vector<MissingRows>& missing) {
  TRY(session.Query("BEGIN; SET LOCAL lock_timeout = '1s'"));
  for (MissingRows& rows : missing) {
    if (!rows.tried || !rows.exists) continue;
    const postgres::Outcome outcome =
        session.Run("SAVEPOINT before_rows;\n" + CountingInsertOf(rows.insert) +
                    "SET CONSTRAINTS ALL IMMEDIATE;\nSET CONSTRAINTS ALL DEFERRED;\n");
    if (outcome.error) {
      TRY(session.Query("ROLLBACK TO before_rows"));
      if (IsRefusal(outcome.error->sqlstate)) rows.refused = outcome.error->message;
      continue;
    }
    size_t inserted = 0;
    for (const postgres::Rows& answer : outcome.results) {
      if (answer.rows.empty()) continue;
      inserted += static_cast<size_t>(std::atoll(answer.rows[0].at(0).value_or("0").c_str()));
    }
    rows.inserted = inserted;
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
      "whether {} of {} can be inserted was not tried, because {} would run: {}; rows that are "
      "refused, or have a unique value of another row, are left out",
      Counted(rows.count, "row"), rows.table,
      rows.triggers.size() == 1 ? "its trigger" : "its triggers", JoinSome(rows.triggers));
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
    if (!rows.refused.empty() && !changes(rows.table)) {
      restored.notices.push_back(
          fmt::format("{} of {} cannot be inserted: {}", count, rows.table, rows.refused));
      continue;
    }
    const size_t inserted = rows.inserted.value_or(rows.count);
    if (inserted < rows.count) {
      restored.notices.push_back(
          fmt::format("{} of {} cannot be inserted: other rows have the same unique values{}",
                      Counted(rows.count - inserted, "row"), rows.table, OrTriggers(rows)));
    }
    if (!rows.tried) restored.notices.push_back(NotTried(rows));
    if (inserted == 0) continue;
    restored.rows.push_back((rows.tried ? "" : "up to ") + Counted(inserted, "row") + " of " +
                            rows.table);
    restored.tables.push_back(rows.table);
    restored.script += rows.insert + plan::ContinueSequencesSql(rows.table);
  }
  return restored;
}

Result<std::vector<MissingRows>> FindMissingRows(const std::vector<proof::GoalRows>& goal,
                                                 const std::string& schema, bool only_shows,
                                                 postgres::Session& session) {
  std::vector<MissingRows> missing;
  for (const proof::GoalRows& rows : goal) {
    std::set<std::string> present;
    size_t existing = 0;
    const std::string table = InSchema(rows.table, schema);
    const postgres::Outcome outcome =
        session.Run(fmt::format("SELECT ROW({})::text FROM {}", Join(rows.keys, ", "), table));
    const bool exists = !outcome.error || outcome.error->sqlstate != sqlstate::kUndefinedTable;
    if (outcome.error) {
      const Error error = postgres::ErrorOf(*outcome.error, "reading " + rows.table);
      if (IsHiddenByPolicy(error)) return HiddenRows(error);
      // The table can be missing, or a column of its key.
      if (!sqlstate::IsUndefinedObject(outcome.error->sqlstate)) return error;
    } else {
      existing = outcome.results.back().rows.size();
      for (const auto& row : outcome.results.back().rows) present.insert(row[0].value_or(""));
    }
    const auto count = static_cast<size_t>(
        std::count_if(rows.key_values.begin(), rows.key_values.end(),
                      [&](const std::string& key) { return !present.contains(key); }));
    const bool comparable = rows.known_keys || existing == 0;
    // A table with as many rows as the migrations insert can have all of them, under other keys.
    const bool complete = !comparable && existing >= rows.key_values.size();
    if (count == 0 || complete) continue;
    missing.push_back({rows.table, count, InsertOf(rows)});
    missing.back().comparable = comparable;
    missing.back().exists = exists;
  }
  TRY(FindTriggers(session, missing));
  for (MissingRows& rows : missing) rows.tried = !only_shows || rows.triggers.empty();
  if (!missing.empty()) TRY(TryInserts(session, missing));
  return missing;
}

}  // namespace ballast::change
