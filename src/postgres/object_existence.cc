// SPDX-License-Identifier: Apache-2.0
#include "postgres/object_existence.h"

#include <fmt/format.h>

#include "base/text.h"
#include "sql/quote.h"

namespace ballast::postgres {
namespace {

using sql::Effect;
using sql::ObjectKind;
using sql::QuoteLiteral;

std::string ExistsSql(const Effect& effect, const std::string& own_schema) {
  const std::string& schema = effect.schema.empty() ? own_schema : effect.schema;
  const auto regclass = [&](const std::string& name) {
    return "to_regclass(" + QuoteLiteral(sql::QualifiedName(schema, name)) + ")";
  };
  const auto regtype = [&](const std::string& name) {
    return "to_regtype(" + QuoteLiteral(sql::QualifiedName(schema, name)) + ")";
  };
  const std::string name = QuoteLiteral(effect.name);
  switch (effect.kind) {
    case ObjectKind::kRelation:
      return fmt::format(
          "{0} IS NOT NULL AND NOT EXISTS (SELECT FROM pg_index WHERE indexrelid = {0} AND NOT "
          "indisvalid)",
          regclass(effect.name));
    case ObjectKind::kColumn:
      return fmt::format(
          "EXISTS (SELECT FROM pg_attribute WHERE attrelid = {} AND attname = {} AND NOT "
          "attisdropped)",
          regclass(effect.parent), name);
    case ObjectKind::kConstraint:
      return fmt::format("EXISTS (SELECT FROM pg_constraint WHERE conrelid = {} AND conname = {})",
                         regclass(effect.parent), name);
    case ObjectKind::kTrigger:
      return fmt::format("EXISTS (SELECT FROM pg_trigger WHERE tgrelid = {} AND tgname = {})",
                         regclass(effect.parent), name);
    case ObjectKind::kType:
      return regtype(effect.name) + " IS NOT NULL";
    case ObjectKind::kEnumValue:
      return fmt::format("EXISTS (SELECT FROM pg_enum WHERE enumtypid = {} AND enumlabel = {})",
                         regtype(effect.parent), name);
    case ObjectKind::kFunction:
      return fmt::format(
          "EXISTS (SELECT FROM pg_proc WHERE pronamespace = to_regnamespace({}) AND proname = {})",
          QuoteLiteral(sql::QuoteIdentifier(schema)), name);
    case ObjectKind::kSchema:
      return "to_regnamespace(" + QuoteLiteral(sql::QuoteIdentifier(effect.name)) + ") IS NOT NULL";
    case ObjectKind::kExtension:
      return "EXISTS (SELECT FROM pg_extension WHERE extname = " + name + ")";
  }
  return "false";
}

// A condition: the object exists.
std::string ExistsSql(const sql::SoughtObject& sought) {
  using sql::SoughtKind;
  if (!sought.schema.empty() && sought.kind != SoughtKind::kRoutine) {
    return ExistsSql({sought.kind, sql::QualifiedName(sought.schema, sought.name), true});
  }
  const std::string name = QuoteLiteral(sought.name);
  const auto in = [&](const char* catalog, const char* column) {
    return fmt::format("EXISTS (SELECT FROM pg_catalog.{} WHERE {} = {})", catalog, column, name);
  };
  const auto found_by = [&](const char* function) {
    return fmt::format("pg_catalog.{}({}) IS NOT NULL", function, name);
  };
  switch (sought.kind) {
    case SoughtKind::kRelation:
      return sought.is_sql ? found_by("to_regclass") : in("pg_class", "relname");
    case SoughtKind::kRoutine:
      if (sought.is_sql) {
        return found_by(sought.name.ends_with(')') ? "to_regprocedure" : "to_regproc");
      }
      if (sought.schema.empty()) return in("pg_proc", "proname");
      return fmt::format(
          "EXISTS (SELECT FROM pg_catalog.pg_proc WHERE proname = {} AND pronamespace = "
          "pg_catalog.to_regnamespace({}))",
          name, QuoteLiteral(sql::QuoteIdentifier(sought.schema)));
    case SoughtKind::kType:
      return sought.is_sql ? found_by("to_regtype") : in("pg_type", "typname");
    case SoughtKind::kSchema:
      return sought.is_sql ? found_by("to_regnamespace") : in("pg_namespace", "nspname");
    case SoughtKind::kExtension:
      return in("pg_extension", "extname");
    case SoughtKind::kPublication:
      return in("pg_publication", "pubname");
  }
  return "true";
}

Result<std::vector<std::optional<bool>>> AskEach(Session& session,
                                                 const std::vector<sql::SoughtObject>& objects) {
  std::vector<std::optional<bool>> exist;
  for (const sql::SoughtObject& object : objects) {
    const Outcome outcome = session.Run("SELECT " + ExistsSql(object));
    if (outcome.error && outcome.error->connection_lost) {
      return ErrorOf(*outcome.error, "reading which objects exist");
    }
    exist.push_back(outcome.error ? std::nullopt
                                  : std::optional(IsTrue(outcome.results.back().rows[0][0])));
  }
  return exist;
}

}  // namespace

Result<std::vector<std::optional<bool>>> SoughtObjectsExist(
    Session& session, const std::vector<sql::SoughtObject>& objects) {
  std::vector<std::optional<bool>> exist;
  if (objects.empty()) return exist;
  std::vector<std::string> conditions;
  conditions.reserve(objects.size());
  for (const sql::SoughtObject& object : objects) conditions.push_back(ExistsSql(object));
  const Outcome outcome = session.Run("SELECT " + Join(conditions, ",\n"));
  if (outcome.error) return AskEach(session, objects);
  for (const Value& value : outcome.results.back().rows[0]) exist.emplace_back(IsTrue(value));
  return exist;
}

Result<std::vector<bool>> ObjectsExist(Session& session, const std::string& schema,
                                       const std::vector<Effect>& effects) {
  std::vector<bool> exist;
  if (effects.empty()) return exist;
  std::vector<std::string> rows;
  rows.reserve(effects.size());
  for (const Effect& effect : effects) {
    rows.push_back(fmt::format("({}, {})", rows.size(), ExistsSql(effect, schema)));
  }
  TRY_ASSIGN(const std::vector<Rows> results,
             session.Query("SELECT there FROM (VALUES " + Join(rows, ",\n") +
                           ") AS e(place, there) ORDER BY place"));
  for (const auto& row : results.back().rows) exist.push_back(IsTrue(row[0]));
  return exist;
}

}  // namespace ballast::postgres
