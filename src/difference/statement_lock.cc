// SPDX-License-Identifier: Apache-2.0
#include "difference/statement_lock.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "sql/classify.h"
#include "sql/lexer.h"

namespace ballast::difference {
namespace {

using sql::TokenReader;

using Rule = LockMode (*)(const TokenReader& statement);

bool ChangesParameters(const TokenReader& statement) {
  return statement.Has("set", "(") || statement.Has("reset", "(") ||
         statement.Has("cluster", "on") || statement.Has("set", "statistics");
}

LockMode OfAlterTable(const TokenReader& statement) {
  if (statement.Has("user_catalog_table")) return LockMode::kAccessExclusive;
  if (ChangesParameters(statement) || statement.Has("validate", "constraint") ||
      statement.Has("without", "cluster")) {
    return LockMode::kShareUpdateExclusive;
  }
  const bool trigger =
      statement.Has("trigger") && (statement.Has("enable") || statement.Has("disable"));
  const bool key = statement.Has("add", "constraint") && statement.Has("foreign", "key");
  return trigger || key ? LockMode::kShareRowExclusive : LockMode::kAccessExclusive;
}

LockMode OfAlterSequence(const TokenReader& statement) {
  // With another type or range, the server writes the sequence again.
  const bool whole = statement.Has("rename", "to") || statement.Has("owner", "to") ||
                     statement.Has("set", "schema") || statement.Has("set", "logged") ||
                     statement.Has("set", "unlogged") || statement.Has("as");
  return whole ? LockMode::kAccessExclusive : LockMode::kShareRowExclusive;
}

// Parameters of GIN, GiST and BRIN that other sessions must not use while they change
// (src/backend/access/common/reloptions.c).
bool ChangesExclusiveParameter(const TokenReader& statement) {
  constexpr const char* kNames[] = {"fastupdate", "gin_pending_list_limit", "buffering",
                                    "autosummarize", "pages_per_range"};
  return ChangesParameters(statement) &&
         std::ranges::any_of(kNames, [&](const char* name) { return statement.Has(name); });
}

LockMode OfAlterIndex(const TokenReader& statement) {
  const bool whole = statement.Has("attach", "partition") || statement.Has("set", "tablespace") ||
                     statement.Has("depends", "on") || ChangesExclusiveParameter(statement);
  return whole ? LockMode::kAccessExclusive : LockMode::kShareUpdateExclusive;
}

LockMode OfAlterMaterializedView(const TokenReader& statement) {
  return ChangesParameters(statement) ? LockMode::kShareUpdateExclusive
                                      : LockMode::kAccessExclusive;
}

// A check or NOT NULL is compared with the values in tables.
LockMode OfAlterDomain(const TokenReader& statement) {
  const bool reads = statement.Has("set", "not") || statement.Has("add", "constraint") ||
                     statement.Has("validate", "constraint");
  return reads && !statement.Has("not", "valid") ? LockMode::kShare : LockMode::kNone;
}

template <LockMode kMode>
LockMode Always(const TokenReader&) {
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
  const std::vector<sql::Token> tokens = sql::Tokenize(statement);
  for (const auto& [start, rule] : kRules) {
    if (statement.starts_with(start)) return rule(TokenReader(statement, tokens));
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
