// SPDX-License-Identifier: Apache-2.0
#include "postgres/journal.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "postgres/migrations_table.h"
#include "sql/quote.h"

namespace ballast::postgres {
namespace {

using sql::QuoteLiteral;

std::string ValuesOf(const JournalEntry& entry) {
  return fmt::format("({}, {}, {}, {}, {}, {}, {}, {}, {})", QuoteLiteral(entry.deployment),
                     QuoteLiteral(entry.event), QuoteLiteral(entry.subject),
                     QuoteLiteral(entry.strategy), QuoteLiteral(entry.release),
                     QuoteLiteral(entry.baseline_checksum),
                     sql::QuoteTextArray(entry.older_baselines), QuoteLiteral(entry.fingerprint),
                     QuoteLiteral(entry.detail));
}

}  // namespace

std::string CreateJournalSql() {
  return R"(CREATE SCHEMA IF NOT EXISTS ballast;
CREATE TABLE IF NOT EXISTS ballast.journal (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor text NOT NULL DEFAULT current_user,
    deployment uuid NOT NULL,
    event text NOT NULL,
    subject text NOT NULL,
    strategy text NOT NULL,
    release text NOT NULL,
    baseline_checksum text NOT NULL,
    older_baselines text[] NOT NULL,
    fingerprint text NOT NULL,
    detail text NOT NULL
);
)";
}

std::string InsertJournalSql(const std::vector<JournalEntry>& entries) {
  if (entries.empty()) return {};
  std::vector<std::string> values;
  values.reserve(entries.size());
  for (const JournalEntry& entry : entries) values.push_back(ValuesOf(entry));
  return "INSERT INTO ballast.journal (deployment, event, subject, strategy, release, "
         "baseline_checksum, older_baselines, fingerprint, detail) VALUES\n" +
         Join(values, ",\n") + ";\n";
}

std::string NoteReleaseSql(std::string_view schema, const JournalEntry& entry) {
  const nlohmann::json note = {
      {"ballast", {entry.release, entry.baseline_checksum, entry.older_baselines}}};
  const std::string statement = fmt::format(
      "COMMENT ON TABLE {} IS {}", QualifiedMigrationsTable(schema), QuoteLiteral(note.dump()));
  return fmt::format(
      "DO $ballast_note$ BEGIN {}; EXCEPTION WHEN insufficient_privilege THEN NULL; "
      "END $ballast_note$;\n",
      statement);
}

}  // namespace ballast::postgres
