// SPDX-License-Identifier: Apache-2.0
#include "difference/statement_lock.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "sql/classify.h"

namespace ballast::difference {
namespace {

// The statement without the contents of names in quotes and of literals.
std::string Bare(std::string_view text) {
  std::string bare;
  char quote = '\0';
  for (const char c : text) {
    const bool closes = quote != '\0' && c == quote;
    if (quote == '\0') bare += c;
    if (closes)
      quote = '\0';
    else if (quote == '\0' && (c == '"' || c == '\''))
      quote = c;
  }
  return bare;
}

bool Has(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  });
}

LockMode OfAlterTable(std::string_view text) {
  if (Has(text, {"user_catalog_table"})) return LockMode::kAccessExclusive;
  if (Has(text, {" VALIDATE CONSTRAINT ", " SET STATISTICS ", " CLUSTER ON ",
                 " SET WITHOUT CLUSTER", " SET (", " RESET ("})) {
    return LockMode::kShareUpdateExclusive;
  }
  const bool trigger = Has(text, {" TRIGGER "}) && Has(text, {" ENABLE ", " DISABLE "});
  const bool key = Has(text, {" ADD CONSTRAINT "}) && Has(text, {" FOREIGN KEY "});
  return trigger || key ? LockMode::kShareRowExclusive : LockMode::kAccessExclusive;
}

LockMode OfAlterSequence(std::string_view text) {
  // With another type or range, the server writes the sequence again.
  return Has(text,
             {" RENAME TO ", " OWNER TO ", " SET SCHEMA ", " SET LOGGED", " SET UNLOGGED", " AS "})
             ? LockMode::kAccessExclusive
             : LockMode::kShareRowExclusive;
}

LockMode OfAlterIndex(std::string_view text) {
  const bool whole = Has(text, {" ATTACH PARTITION ", " SET TABLESPACE ", " DEPENDS ON "});
  return whole ? LockMode::kAccessExclusive : LockMode::kShareUpdateExclusive;
}

LockMode OfAlterMaterializedView(std::string_view text) {
  return Has(text, {" SET (", " RESET (", " CLUSTER ON ", " SET STATISTICS "})
             ? LockMode::kShareUpdateExclusive
             : LockMode::kAccessExclusive;
}

// A check or NOT NULL is compared with the values in tables.
LockMode OfAlterDomain(std::string_view text) {
  const bool reads = Has(text, {" SET NOT NULL", " ADD CONSTRAINT ", " VALIDATE CONSTRAINT "});
  return reads && !Has(text, {" NOT VALID"}) ? LockMode::kShare : LockMode::kNone;
}

using Rule = LockMode (*)(std::string_view text);

template <LockMode kMode>
LockMode Always(std::string_view) {
  return kMode;
}

constexpr Rule kAccessExclusive = Always<LockMode::kAccessExclusive>;
constexpr Rule kShareUpdateExclusive = Always<LockMode::kShareUpdateExclusive>;

constexpr std::array<std::pair<std::string_view, Rule>, 38> kRules = {{
    {"ALTER TABLE ", OfAlterTable},
    {"ALTER FOREIGN TABLE ", OfAlterTable},
    {"ALTER SEQUENCE ", OfAlterSequence},
    {"ALTER INDEX ", OfAlterIndex},
    {"ALTER MATERIALIZED VIEW ", OfAlterMaterializedView},
    {"ALTER DOMAIN ", OfAlterDomain},
    {"ALTER VIEW ", kAccessExclusive},
    {"ALTER TRIGGER ", kAccessExclusive},
    {"ALTER POLICY ", kAccessExclusive},
    {"ALTER RULE ", kAccessExclusive},
    {"CREATE INDEX ", Always<LockMode::kShare>},
    {"CREATE UNIQUE INDEX ", Always<LockMode::kShare>},
    {"CREATE TRIGGER ", Always<LockMode::kShareRowExclusive>},
    {"CREATE CONSTRAINT TRIGGER ", Always<LockMode::kShareRowExclusive>},
    {"CREATE RULE ", kAccessExclusive},
    {"CREATE OR REPLACE RULE ", kAccessExclusive},
    {"CREATE POLICY ", kAccessExclusive},
    {"CREATE OR REPLACE VIEW ", kAccessExclusive},
    {"CREATE STATISTICS ", kShareUpdateExclusive},
    {"COMMENT ON TABLE ", kShareUpdateExclusive},
    {"COMMENT ON FOREIGN TABLE ", kShareUpdateExclusive},
    {"COMMENT ON COLUMN ", kShareUpdateExclusive},
    {"COMMENT ON INDEX ", kShareUpdateExclusive},
    {"COMMENT ON SEQUENCE ", kShareUpdateExclusive},
    {"COMMENT ON VIEW ", kShareUpdateExclusive},
    {"COMMENT ON MATERIALIZED VIEW ", kShareUpdateExclusive},
    {"DROP TABLE ", kAccessExclusive},
    {"DROP FOREIGN TABLE ", kAccessExclusive},
    {"DROP VIEW ", kAccessExclusive},
    {"DROP MATERIALIZED VIEW ", kAccessExclusive},
    {"DROP INDEX ", kAccessExclusive},
    {"DROP SEQUENCE ", kAccessExclusive},
    {"DROP TRIGGER ", kAccessExclusive},
    {"DROP RULE ", kAccessExclusive},
    {"DROP POLICY ", kAccessExclusive},
    {"DROP STATISTICS ", kShareUpdateExclusive},
    {"REFRESH MATERIALIZED VIEW ", kAccessExclusive},
    {"SELECT setval(", Always<LockMode::kAccessShare>},
}};

LockMode OfOne(std::string_view statement) {
  const std::string bare = Bare(statement);
  for (const auto& [start, rule] : kRules) {
    if (statement.starts_with(start)) return rule(bare);
  }
  return LockMode::kNone;
}

}  // namespace

LockMode LockOf(const std::string& statements) {
  LockMode strongest = LockMode::kNone;
  for (const sql::Statement& statement : sql::ReadScript(statements))
    strongest = std::max(strongest, OfOne(statement.text));
  return strongest;
}

}  // namespace ballast::difference
