// SPDX-License-Identifier: Apache-2.0
#include "proof/rollback_losses.h"

#include <algorithm>

#include "difference/conversions.h"
#include "plan/loss_guard.h"
#include "sql/quote.h"

namespace ballast::proof {
namespace {

// Qualified outside of the target schema.
std::string NameIn(const std::string& target, const std::string& schema, const std::string& table) {
  return sql::QualifiedName(schema == target ? "" : schema, table);
}

// `table` is quoted; an empty column: the table. `values`: the condition of those that are lost.
release::RollbackLoss LossOf(const std::string& table, const std::string& column,
                             const std::string& values) {
  const std::string object = column.empty() ? "table " + table : "column " + table + "." + column;
  return {object, table, column, values};
}

// Whether every value of an enum is one of the other, too.
bool HasAllLabels(const difference::TypeShape& from, const difference::TypeShape& to) {
  if (from.labels.empty() || from.array != to.array) return false;
  if (!to.constraints.empty() || !to.element_constraints.empty()) return false;
  return std::all_of(from.labels.begin(), from.labels.end(), [&](const std::string& label) {
    return std::find(to.labels.begin(), to.labels.end(), label) != to.labels.end();
  });
}

// A condition on the values that are not the same in the new type and back. Empty: all are.
std::string LostValues(const std::string& column, const difference::TypeShape& from,
                       const difference::TypeShape& to, bool by_hand) {
  if (HasAllLabels(from, to)) return {};
  const difference::Conversion conversion = difference::ConversionOf(column, from, to);
  if (!conversion.lost_values.empty()) return conversion.lost_values;
  // A statement of ballast's own fails on these and loses none; another one may replace them.
  return by_hand ? conversion.condition : std::string();
}

}  // namespace

std::vector<release::RollbackLoss> LossesOf(const std::vector<difference::Statement>& statements) {
  std::vector<release::RollbackLoss> losses;
  for (const difference::Statement& statement : statements) {
    for (const std::string& object : statement.loses) {
      losses.push_back(
          {object, statement.lost_table, statement.lost_column, statement.lost_values});
    }
  }
  return losses;
}

Result<ColumnsBefore> ReadColumnsBefore(const std::vector<release::RollbackLoss>& listed,
                                        postgres::Session& session) {
  ColumnsBefore before;
  TRY_ASSIGN(const postgres::Value unlisted, session.QueryValue(plan::ColumnsSql(listed)));
  before.unlisted = unlisted.value_or("[]");
  TRY_ASSIGN(before.columns, ReadColumns(session));
  return before;
}

Result<std::vector<release::RollbackLoss>> DroppedSince(const ColumnsBefore& before,
                                                        postgres::Session& session) {
  TRY_ASSIGN(const auto lost,
             session.Query(plan::LostColumnsSql(sql::QuoteLiteral(before.unlisted))));
  std::vector<release::RollbackLoss> losses;
  for (const auto& row : lost.back().rows) {
    const std::string table =
        NameIn(session.target().SchemaOrPublic(), row[0].value_or(""), row[1].value_or(""));
    losses.push_back(LossOf(table, row[2] ? sql::QuoteIdentifier(*row[2]) : "", ""));
  }
  return losses;
}

std::vector<release::RollbackLoss> ConvertedSince(const PhysicalColumns& before,
                                                  const PhysicalColumns& now,
                                                  const ConvertingScript& script) {
  std::vector<release::RollbackLoss> losses;
  for (const RetypedColumn& retyped : RetypedColumns(before, now)) {
    const PhysicalColumn& was = retyped.before;
    const std::string column = sql::QuoteIdentifier(was.column);
    const std::string values =
        LostValues(column, difference::ShapeOf(script.from, was.type_name),
                   difference::ShapeOf(script.to, retyped.type_name), script.by_hand);
    if (values.empty()) continue;
    losses.push_back(LossOf(NameIn(script.target_schema, was.schema, was.table), column, values));
  }
  return losses;
}

}  // namespace ballast::proof
