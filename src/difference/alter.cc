// SPDX-License-Identifier: Apache-2.0
#include "difference/alter.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "catalog/baseline.h"
#include "catalog/render_ddl.h"
#include "difference/reverse_statements.h"
#include "sql/quote.h"

namespace ballast::difference {
namespace {

using catalog::Definition;
using catalog::Step;

bool Contains(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// All before LANGUAGE: name, arguments with their defaults, and what it gives.
std::string HeadOfRoutine(const std::string& text) {
  return text.substr(0, text.find("\n LANGUAGE "));
}

std::string OrReplace(std::string text) {
  return text.insert(std::string_view("CREATE").size(), " OR REPLACE");
}

// The columns of a view, as its placeholder lists them: OR REPLACE may add some at the end.
bool KeepsColumns(const Definition& from, const Definition& to) {
  const auto columns = [](const Definition& view) {
    const size_t at = view.placeholder.find(" SELECT ");
    const std::string text = at == std::string::npos ? "" : view.placeholder.substr(at + 8);
    return text.substr(0, text.rfind(';'));
  };
  const std::string before = columns(from);
  const std::string after = columns(to);
  return !before.empty() && (after == before || after.starts_with(before + ", "));
}

// The value after a keyword of CREATE EXTENSION; empty: not specified.
std::string ClauseOf(const std::string& statement, const std::string& word) {
  const size_t at = statement.rfind(" " + word + " ");
  if (at == statement.npos) return {};
  const size_t start = at + word.size() + 2;
  return statement.substr(start, statement.find_first_of(" ;", start) - start);
}

std::string AlterExtension(const Definition& from, const Definition& to) {
  const std::string alter = "ALTER EXTENSION " + sql::QuoteIdentifier(to.name.name) + " ";
  std::string text;
  const std::string schema = ClauseOf(to.statements, "SCHEMA");
  if (schema != ClauseOf(from.statements, "SCHEMA")) {
    text += alter + "SET SCHEMA " + (schema.empty() ? "public" : schema) + ";\n";
  }
  const std::string version = ClauseOf(to.statements, "VERSION");
  if (version != ClauseOf(from.statements, "VERSION")) {
    text += alter + "UPDATE" + (version.empty() ? "" : " TO " + version) + ";\n";
  }
  return text;
}

// "ALTER … ALTER COLUMN c SET STATISTICS 5;" taken back. Values of STORAGE depend on the type; the
// model has them only if they are not the defaults of the type.
std::string ResetLine(const std::string& line, const catalog::TableObject* table) {
  const auto cut = [&](std::string_view word, const std::string& with) {
    return line.substr(0, line.rfind(word)) + with + ";\n";
  };
  if (line.rfind(" SET STATISTICS ") != line.npos) {
    return cut(" SET STATISTICS ", " SET STATISTICS -1");
  }
  if (line.rfind(" SET COMPRESSION ") != line.npos) {
    return cut(" SET COMPRESSION ", " SET COMPRESSION default");
  }
  if (const size_t at = line.rfind(" SET STORAGE "); at != line.npos) {
    std::string word = "EXTENDED";
    for (size_t column = 0; table != nullptr && column < table->table.columns.size(); ++column) {
      const std::string name = sql::QuoteIdentifier(table->table.columns[column].name);
      if (line.substr(0, at).ends_with(" ALTER COLUMN " + name)) {
        word = table->type_storages[column];
      }
    }
    return cut(" SET STORAGE ", " SET STORAGE " + word);
  }
  const size_t set = line.rfind(" SET (");
  if (set == line.npos) return {};
  std::vector<std::string> names;
  for (const std::string& option : Split(line.substr(set + 6), ',')) {
    names.push_back(std::string(Trim(option.substr(0, option.find('=')))));
  }
  return line.substr(0, set) + " RESET (" + Join(names, ", ") + ");\n";
}

// Texts of a line for each setting.
std::string AlterLines(const std::string& from, const std::string& to,
                       const catalog::TableObject* table) {
  const std::vector<std::string> before = LinesOf(from);
  const std::vector<std::string> after = LinesOf(to);
  std::string text;
  for (const std::string& line : before) {
    if (!Contains(after, line)) text += ResetLine(line, table);
  }
  for (const std::string& line : after) {
    if (!Contains(before, line)) text += line + "\n";
  }
  return text;
}

std::optional<std::string> AlterIndex(const catalog::IndexObject* from,
                                      const catalog::IndexObject* to) {
  const bool same =
      from != nullptr && to != nullptr &&
      catalog::RenderCreateIndex(from->index) == catalog::RenderCreateIndex(to->index);
  return same ? std::optional(AlterLines(from->statistics, to->statistics, nullptr)) : std::nullopt;
}

// A domain without its checks: "CREATE DOMAIN d AS type [COLLATE c] [DEFAULT e] [NOT NULL];".
struct DomainText {
  std::string head;
  std::string default_value;
  bool not_null = false;
};

DomainText DomainOf(std::string text) {
  DomainText domain;
  constexpr std::string_view kNotNull = " NOT NULL;\n";
  if (text.ends_with(kNotNull)) {
    domain.not_null = true;
    text.resize(text.size() - kNotNull.size());
  } else {
    text.resize(text.size() - 2);
  }
  const size_t named = domain.not_null ? text.rfind(" CONSTRAINT ") : text.npos;
  if (named != text.npos) text.resize(named);
  const size_t at = text.find(" DEFAULT ");
  domain.head = text.substr(0, at);
  if (at != text.npos) domain.default_value = text.substr(at + 9);
  return domain;
}

std::optional<std::string> AlterDomain(const Definition& from, const Definition& to) {
  const DomainText before = DomainOf(from.statements);
  const DomainText after = DomainOf(to.statements);
  if (before.head != after.head) return std::nullopt;
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

std::optional<std::string> AlterSequence(const DatabaseDefinitions& to, size_t after,
                                         const Definition& from) {
  const catalog::Sequence* sequence = to.SequenceAt(after);
  if (sequence == nullptr) return std::nullopt;
  std::string text = catalog::AlterSequenceStatement(*sequence);
  const bool was_unlogged = from.statements.starts_with("CREATE UNLOGGED");
  if (was_unlogged != sequence->unlogged) {
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

// The settings of columns that the new table has, too.
std::string LinesOfColumns(const std::string& settings, const catalog::TableObject* before,
                           const catalog::TableObject* after) {
  std::string text;
  for (const std::string& line : LinesOf(settings)) {
    bool dropped = false;
    for (const catalog::Column& column : before->table.columns) {
      const bool remains = ColumnNamed(*after, column.name).has_value();
      const std::string clause = " ALTER COLUMN " + sql::QuoteIdentifier(column.name) + " ";
      dropped |= !remains && line.find(clause) != line.npos;
    }
    if (!dropped) text += line + "\n";
  }
  return text;
}

std::optional<std::string> AlterTableStep(const DatabaseDefinitions& from, size_t before,
                                          const DatabaseDefinitions& to, size_t after) {
  const Definition& old = from.At(before);
  const Definition& definition = to.At(after);
  if (definition.id.part == catalog::kColumnSettingsPart) {
    const catalog::TableObject* table = to.TableNamed(definition.name);
    const std::string remaining =
        LinesOfColumns(old.statements, from.TableNamed(definition.name), table);
    return AlterLines(remaining, definition.statements, table);
  }
  // Replica identity and clustering name an index, and the server refuses changes of its columns.
  if (definition.id.part < 0) return std::nullopt;
  const catalog::Address* address = to.AddressOf(definition.id);
  if (address != nullptr && address->kind == "CONSTRAINT") return Validate(old, definition);
  return definition.statements;
}

std::optional<std::string> UndoAndRedo(const DatabaseDefinitions& from, size_t before,
                                       const DatabaseDefinitions& to, size_t after) {
  std::optional<std::string> undo = ReverseOf(from, before);
  if (!undo) return std::nullopt;
  return *undo + to.At(after).statements;
}

}  // namespace

std::optional<std::string> AddedSettings(const Definition& from, const Definition& to) {
  const bool whole = to.step == Step::kRowSecurity || to.step == Step::kAlterDefaultPrivileges ||
                     to.step == Step::kAlterDatabase;
  if (whole) return to.statements;
  const bool lines = to.step == Step::kAlterTable && to.id.part == catalog::kColumnSettingsPart;
  if (!lines) return std::nullopt;
  return LinesNotIn(to.statements, from.statements);
}

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines = Split(text, '\n');
  std::erase(lines, "");
  return lines;
}

std::string LinesNotIn(const std::string& text, const std::string& other) {
  const std::vector<std::string> known = LinesOf(other);
  std::string lines;
  for (const std::string& line : LinesOf(text)) {
    if (!Contains(known, line)) lines += line + "\n";
  }
  return lines;
}

std::string ResetSettings(const std::string& statements, const catalog::TableObject* table) {
  return AlterLines(statements, "", table);
}

std::string DomainHead(const std::string& create_domain) {
  return DomainOf(create_domain).head;
}

std::vector<std::string> LabelsOf(const std::string& create_enum) {
  std::vector<std::string> labels;
  std::string label;
  bool quoted = false;
  const size_t start = create_enum.find(" AS ENUM (");
  for (size_t at = start == create_enum.npos ? create_enum.size() : start; at < create_enum.size();
       ++at) {
    if (create_enum[at] != '\'') {
      if (quoted) label += create_enum[at];
    } else if (quoted && at + 1 < create_enum.size() && create_enum[at + 1] == '\'') {
      label += create_enum[at++];
    } else {
      if (quoted) labels.push_back(std::move(label));
      label.clear();
      quoted = !quoted;
    }
  }
  return labels;
}

std::optional<std::vector<AddedLabel>> AddedLabels(const DatabaseDefinitions& from, size_t before,
                                                   const DatabaseDefinitions& to, size_t after) {
  const std::vector<std::string> old = LabelsOf(from.At(before).statements);
  const std::vector<std::string> target = LabelsOf(to.At(after).statements);
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
      if (HeadOfRoutine(old.statements) != HeadOfRoutine(definition.statements)) {
        return std::nullopt;
      }
      return OrReplace(definition.statements);
    case Step::kCreateSequence:
      return AlterSequence(to, after, old);
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
    case Step::kInheritTable:
    case Step::kAlterPublication:
    case Step::kGrantRole:
      return UndoAndRedo(from, before, to, after);
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
