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

}  // namespace

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
