// SPDX-License-Identifier: Apache-2.0
#include "difference/alter.h"

#include <algorithm>
#include <variant>

#include "catalog/baseline.h"
#include "catalog/render_ddl.h"
#include "difference/reverse_statements.h"
#include "difference/settings.h"
#include "sql/quote.h"

namespace ballast::difference {
namespace {

using catalog::Definition;
using catalog::Step;

bool Contains(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

std::string OrReplace(std::string text) {
  return text.insert(std::string_view("CREATE").size(), " OR REPLACE");
}

// OR REPLACE may add columns at the end.
bool KeepsColumns(const Definition& from, const Definition& to) {
  const auto* before = std::get_if<catalog::ViewColumns>(&from.created);
  const auto* after = std::get_if<catalog::ViewColumns>(&to.created);
  if (before == nullptr || after == nullptr || before->columns.empty()) return false;
  return before->columns.size() <= after->columns.size() &&
         std::equal(before->columns.begin(), before->columns.end(), after->columns.begin());
}

bool HasSameSignature(const Definition& from, const Definition& to) {
  const auto* before = std::get_if<catalog::RoutineSignature>(&from.created);
  const auto* after = std::get_if<catalog::RoutineSignature>(&to.created);
  return before != nullptr && after != nullptr && *before == *after;
}

std::optional<std::string> AlterExtension(const Definition& from, const Definition& to) {
  const auto* before = std::get_if<catalog::Extension>(&from.created);
  const auto* after = std::get_if<catalog::Extension>(&to.created);
  if (before == nullptr || after == nullptr) return std::nullopt;
  const std::string alter = "ALTER EXTENSION " + sql::QuoteIdentifier(to.name.name) + " ";
  std::string text;
  if (after->schema != before->schema) {
    text += after->schema.empty()
                ? catalog::RenderNamed(alter + "SET SCHEMA ", "", "current_schema()")
                : alter + "SET SCHEMA " + sql::QuoteIdentifier(after->schema) + ";\n";
  }
  if (after->version != before->version) {
    text += alter + "UPDATE" +
            (after->version.empty() ? "" : " TO " + sql::QuoteIdentifier(after->version)) + ";\n";
  }
  return text;
}

std::optional<std::string> AlterIndex(const catalog::IndexObject* from,
                                      const catalog::IndexObject* to) {
  const bool same =
      from != nullptr && to != nullptr &&
      catalog::RenderCreateIndex(from->index) == catalog::RenderCreateIndex(to->index);
  return same ? std::optional(AlterSettings(from->statistics, to->statistics, nullptr))
              : std::nullopt;
}

// The checks that CREATE DOMAIN itself has; the others are definitions of their own.
std::vector<std::string> ChecksInside(const Definition& domain) {
  std::vector<std::string> checks;
  for (const catalog::Clause& clause : domain.clauses) {
    const bool inside =
        clause.id.object != 0 && std::ranges::find(domain.also, clause.id) != domain.also.end();
    if (inside) checks.push_back(clause.inside);
  }
  return checks;
}

std::optional<std::string> AlterDomain(const Definition& from, const Definition& to) {
  if (!CanAlterDomain(from, to) || ChecksInside(from) != ChecksInside(to)) return std::nullopt;
  const auto& before = std::get<catalog::Domain>(from.created);
  const auto& after = std::get<catalog::Domain>(to.created);
  const std::string alter = "ALTER DOMAIN " + QuotedName(to.name) + " ";
  std::string text;
  if (before.default_value != after.default_value) {
    text += alter +
            (after.default_value.empty() ? "DROP DEFAULT" : "SET DEFAULT " + after.default_value) +
            ";\n";
  }
  if (before.not_null != after.not_null) {
    text += alter + (after.not_null ? "SET" : "DROP") + " NOT NULL;\n";
  }
  return text;
}

std::optional<std::string> AlterSequence(const DatabaseDefinitions& from, size_t before,
                                         const DatabaseDefinitions& to, size_t after) {
  const catalog::Sequence* old = from.SequenceAt(before);
  const catalog::Sequence* sequence = to.SequenceAt(after);
  if (old == nullptr || sequence == nullptr) return std::nullopt;
  std::string text = catalog::AlterSequenceStatement(*sequence);
  if (old->unlogged != sequence->unlogged) {
    text += "ALTER SEQUENCE " + QuotedName(sequence->name) +
            (sequence->unlogged ? " SET UNLOGGED;\n" : " SET LOGGED;\n");
  }
  return text;
}

// A constraint that only has to be validated.
std::optional<std::string> Validate(const Definition& from, const Definition& to) {
  constexpr std::string_view kNotValid = " NOT VALID;\n";
  const std::string& before = from.statements;
  if (!before.ends_with(kNotValid)) return std::nullopt;
  if (before.substr(0, before.size() - kNotValid.size()) + ";\n" != to.statements) {
    return std::nullopt;
  }
  return "ALTER TABLE " + QuotedName(to.name) + " VALIDATE CONSTRAINT " +
         sql::QuoteIdentifier(to.detail) + ";\n";
}

std::optional<std::string> AlterTableStep(const DatabaseDefinitions& from, size_t before,
                                          const DatabaseDefinitions& to, size_t after) {
  const Definition& old = from.At(before);
  const Definition& definition = to.At(after);
  if (definition.id.part == catalog::kColumnSettingsPart) {
    const catalog::TableObject* table = to.TableNamed(definition.name);
    return AlterSettings(OfRemainingColumns(old.settings, *table), definition.settings, table);
  }
  // Replica identity and clustering name an index, and the server refuses changes of its columns.
  if (definition.id.part < 0) return std::nullopt;
  const catalog::Address* address = to.AddressOf(definition.id);
  if (address != nullptr && address->kind == "CONSTRAINT") return Validate(old, definition);
  return definition.statements;
}

}  // namespace

std::optional<std::string> AddedSettings(const Definition& from, const Definition& to) {
  const bool whole = to.step == Step::kRowSecurity || to.step == Step::kAlterDefaultPrivileges ||
                     to.step == Step::kAlterDatabase;
  if (whole) return to.statements;
  const bool of_columns =
      to.step == Step::kAlterTable && to.id.part == catalog::kColumnSettingsPart;
  if (!of_columns) return std::nullopt;
  return SettingsNotIn(to.settings, from.settings);
}

bool CanAlterDomain(const Definition& from, const Definition& to) {
  const auto* before = std::get_if<catalog::Domain>(&from.created);
  const auto* after = std::get_if<catalog::Domain>(&to.created);
  return before != nullptr && after != nullptr && before->type == after->type &&
         before->collation == after->collation;
}

std::optional<std::vector<AddedLabel>> AddedLabels(const DatabaseDefinitions& from, size_t before,
                                                   const DatabaseDefinitions& to, size_t after) {
  const auto* from_enum = std::get_if<catalog::Enum>(&from.At(before).created);
  const auto* to_enum = std::get_if<catalog::Enum>(&to.At(after).created);
  if (from_enum == nullptr || to_enum == nullptr) return std::nullopt;
  const std::vector<std::string>& old = from_enum->values;
  const std::vector<std::string>& target = to_enum->values;
  std::vector<AddedLabel> added;
  size_t next = 0;
  for (size_t at = 0; at < target.size(); ++at) {
    if (next < old.size() && target[at] == old[next]) {
      ++next;
      continue;
    }
    if (Contains(old, target[at])) return std::nullopt;
    std::string place;
    if (at > 0) {
      place = " AFTER " + sql::QuoteLiteral(target[at - 1]);
    } else if (!old.empty()) {
      place = " BEFORE " + sql::QuoteLiteral(old[0]);
    }
    if (next == old.size() && at > 0) place.clear();
    added.push_back({target[at], "ALTER TYPE " + QuotedName(to.At(after).name) + " ADD VALUE " +
                                     sql::QuoteLiteral(target[at]) + place + ";\n"});
  }
  if (next < old.size()) return std::nullopt;
  return added;
}

std::optional<std::string> AlterOf(const DatabaseDefinitions& from, size_t before,
                                   const DatabaseDefinitions& to, size_t after) {
  const Definition& old = from.At(before);
  const Definition& definition = to.At(after);
  switch (definition.step) {
    case Step::kCreateView:
      if (!KeepsColumns(old, definition)) return std::nullopt;
      return OrReplace(definition.statements);
    case Step::kCreateFunction:
    case Step::kCreateProcedure:
      if (!HasSameSignature(old, definition)) return std::nullopt;
      return OrReplace(definition.statements);
    case Step::kCreateSequence:
      return AlterSequence(from, before, to, after);
    case Step::kCreateExtension:
      return AlterExtension(old, definition);
    case Step::kCreateDomain:
      return AlterDomain(old, definition);
    case Step::kCreateIndex:
      return AlterIndex(from.IndexAt(before), to.IndexAt(after));
    case Step::kAlterTable:
      return AlterTableStep(from, before, to, after);
    case Step::kAddForeignKey:
      return Validate(old, definition);
    case Step::kComment:
    case Step::kAlterOwner:
    case Step::kOwnSequence:
    case Step::kRefreshMaterializedView:
      return definition.statements;
    case Step::kRowSecurity:
    case Step::kAlterDefaultPrivileges:
    case Step::kAlterDatabase:
    case Step::kAlterView:
    case Step::kAlterPublication:
    case Step::kGrantRole:
      return AlterSettings(old.settings, definition.settings, nullptr);
    case Step::kInheritTable:
      if (const auto undo = ReverseOf(from, before)) return *undo + definition.statements;
      return std::nullopt;
    case Step::kCreateRole:
    case Step::kCreateSchema:
    case Step::kGrant:  // privilege_changes.h
    case Step::kInsertRows:
    case Step::kSetSequence:
      return "";
    // Not one by one: a partition's new bound may overlap the present one of another.
    case Step::kAttachPartition:
    default:
      return std::nullopt;
  }
}

}  // namespace ballast::difference
