// SPDX-License-Identifier: Apache-2.0
#include "proof/rollback_conversions.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/printable.h"
#include "base/text.h"
#include "sql/quote.h"

namespace ballast::proof {
namespace {

bool IsIn(const std::string& schema, const std::string& other) {
  return schema == other || schema.empty() || other.empty();
}

// The column, or the table.
bool Has(const catalog::Database& database, const sql::ChangedColumn& changed) {
  return std::ranges::any_of(database.tables, [&](const catalog::TableObject& table) {
    const catalog::Name& name = table.table.name;
    const std::vector<catalog::Column>& columns = table.table.columns;
    return name.name == changed.table.name && IsIn(name.schema, changed.table.schema) &&
           (changed.column.empty() ||
            std::ranges::find(columns, changed.column, &catalog::Column::name) != columns.end());
  });
}

// Of the column, or of the table.
std::string NameOf(const sql::ChangedColumn& changed) {
  const std::string table = sql::QualifiedName(changed.table.schema, changed.table.name);
  return changed.column.empty() ? table : table + "." + sql::QuoteIdentifier(changed.column);
}

// Each once.
std::vector<std::string> NamesOf(const std::vector<sql::ChangedColumn>& changes) {
  std::vector<std::string> names;
  for (const sql::ChangedColumn& changed : changes) {
    std::string name = NameOf(changed);
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}

// On one line, and not longer than a message can be.
std::string Shortened(const std::string& statement) {
  constexpr size_t kLongest = 200;
  std::string line;
  for (const char one : statement) {
    const bool blank = one == '\n' || one == '\r' || one == '\t' || one == ' ';
    if (!blank) line += one;
    if (blank && !line.ends_with(' ')) line += ' ';
  }
  const std::string_view begin = CutToBytes(line, kLongest);
  return Printable(begin) + (begin.size() < line.size() ? " …" : "");
}

}  // namespace

StatedChanges::StatedChanges(const RollbackQuestion& question) : question_(question) {
  std::vector<std::string_view> scripts;
  for (const release::Migration& migration : question.migrations) {
    scripts.emplace_back(migration.script.TextOrEmpty());
  }
  changes_ = sql::ValueChangesIn(scripts);
  for (std::vector<sql::ChangedColumn>* list :
       {&changes_.converted, &changes_.updated, &changes_.deleted, &changes_.inserted}) {
    std::erase_if(*list, [this](const sql::ChangedColumn& one) {
      return IsReverted(one.script) || !Has(question_.older, one);
    });
  }
  std::erase_if(changes_.with_code, [this](size_t script) { return IsReverted(script); });
}

// By a script that somebody has written.
bool StatedChanges::IsReverted(size_t script) const {
  const RollbackScripts& scripts = question_.scripts;
  return scripts.by_version.contains(question_.to) ||
         scripts.by_migration.contains(question_.migrations.at(script).name);
}

Error StatedChanges::NotConvertedBack(const sql::ChangedColumn& column,
                                      const std::string& statement) const {
  return MakeError(
      ErrorCode::kNoRollback,
      fmt::format("the migrations convert the values of {}, and the rollback does not convert them "
                  "back: write statements that do, in a down.sql next to the migration ({}: {})",
                  NameOf(column), Printable(question_.migrations.at(column.script).name),
                  statement));
}

Status StatedChanges::RefuseConversions() const {
  if (changes_.converted.empty()) return {};
  const sql::ChangedColumn& column = changes_.converted.front();
  return NotConvertedBack(column, Shortened(column.statement));
}

Status StatedChanges::RefuseWithoutRows(const PhysicalColumn& column) const {
  for (const sql::ChangedColumn& updated : changes_.updated) {
    const bool same = updated.Is({column.schema, column.table}, column.column);
    if (same) return NotConvertedBack(updated, Shortened(updated.statement));
  }
  if (changes_.with_code.empty()) return {};
  return MakeError(
      ErrorCode::kNoRollback,
      fmt::format("{} contains code that can convert the values of {}.{}, and the proof has no "
                  "rows that would show whether the rollback converts them back: write statements "
                  "that do, in a down.sql next to the migration",
                  Printable(question_.migrations.at(changes_.with_code.front()).name),
                  sql::QuoteIdentifier(column.table), sql::QuoteIdentifier(column.column)));
}

std::string StatedChanges::SentenceOfUpdates() const {
  const std::vector<std::string> names = NamesOf(changes_.updated);
  if (names.empty()) return {};
  return fmt::format("the migrations update {}, and the rollback does not change the values back",
                     JoinSome(names));
}

std::vector<std::string> StatedChanges::SentencesOfRows() const {
  std::vector<std::string> sentences;
  if (!changes_.deleted.empty()) {
    sentences.push_back(
        fmt::format("the migrations delete rows of {}, and the rollback does not bring them back",
                    JoinSome(NamesOf(changes_.deleted))));
  }
  if (!changes_.inserted.empty()) {
    sentences.push_back(fmt::format(
        "the migrations insert rows with a query (INSERT … SELECT) into {}, and the rollback does "
        "not remove them",
        JoinSome(NamesOf(changes_.inserted))));
  }
  return sentences;
}

}  // namespace ballast::proof
