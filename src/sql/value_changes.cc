// SPDX-License-Identifier: Apache-2.0
#include "sql/value_changes.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>

#include "sql/parse_tree_internal.h"
#include "sql/renames.h"
#include "sql/split.h"

namespace ballast::sql {
namespace {

using nlohmann::json;

// A name without a schema can be that of any schema in the search_path.
bool IsSame(const ObjectName& a, const ObjectName& b) {
  const bool same_schema = a.schema == b.schema || a.schema.empty() || b.schema.empty();
  return a.name == b.name && same_schema;
}

// Columns under the names that they have now, and had before the first script.
class Names {
 public:
  void Create(const ObjectName& table) {
    Forget(table);
    tables_.push_back({table, table, true});
  }
  void Add(const ObjectName& table, const std::string& column) {
    std::erase_if(columns_, [&](const Column& one) { return IsColumn(one, table, column); });
    columns_.push_back({table, column, "", true});
  }
  void Drop(const ObjectName& table, const std::string& column) {
    std::erase_if(columns_, [&](const Column& one) { return IsColumn(one, table, column); });
  }
  void Forget(const ObjectName& table) {
    std::erase_if(tables_, [&](const Table& one) { return IsSame(one.now, table); });
    std::erase_if(columns_, [&](const Column& one) { return IsSame(one.table, table); });
  }

  void Rename(const ObjectName& table, const std::string& to) {
    const ObjectName renamed{table.schema, to};
    const Table was = TableOf(table);
    std::erase_if(tables_, [&](const Table& one) { return IsSame(one.now, table); });
    tables_.push_back({renamed, was.before, was.is_new});
    for (Column& column : columns_) {
      if (IsSame(column.table, table)) column.table = renamed;
    }
  }
  void Rename(const ObjectName& table, const std::string& column, const std::string& to) {
    const Column was = ColumnOf(table, column);
    Drop(table, column);
    columns_.push_back({table, to, was.before, was.is_new});
  }

  // Nothing for those that the scripts have created.
  std::optional<ChangedColumn> Before(const ObjectName& table, const std::string& column) const {
    const Table of = TableOf(table);
    const Column one = ColumnOf(table, column);
    if (of.is_new || one.is_new) return std::nullopt;
    return ChangedColumn{of.before, one.before, 0, {}};
  }

 private:
  struct Table {
    ObjectName now, before;
    bool is_new = false;
  };
  struct Column {
    ObjectName table;  // now
    std::string now, before;
    bool is_new = false;
  };

  static bool IsColumn(const Column& one, const ObjectName& table, const std::string& column) {
    return one.now == column && IsSame(one.table, table);
  }
  Table TableOf(const ObjectName& table) const {
    const auto found =
        std::ranges::find_if(tables_, [&](const Table& one) { return IsSame(one.now, table); });
    return found == tables_.end() ? Table{table, table} : *found;
  }
  Column ColumnOf(const ObjectName& table, const std::string& column) const {
    const auto found = std::ranges::find_if(
        columns_, [&](const Column& one) { return IsColumn(one, table, column); });
    return found == columns_.end() ? Column{table, column, column} : *found;
  }

  std::vector<Table> tables_;
  std::vector<Column> columns_;
};

// Whether the expression is the column, or a cast of it to one or several types. The cast of text
// to bytea does not count: the one back gives its digits.
bool IsCastOf(const json& expression, const std::string& column) {
  if (expression.contains("CollateClause")) {
    return IsCastOf(At(expression["CollateClause"], "arg"), column);
  }
  if (expression.contains("TypeCast")) {
    const json& cast = expression["TypeCast"];
    const ObjectName type = NameFromParts(NamePartsIn(At(At(cast, "typeName"), "names")));
    return type.name != "bytea" && IsCastOf(At(cast, "arg"), column);
  }
  const json& fields = At(At(expression, "ColumnRef"), "fields");
  return !fields.empty() && StringIn(fields.back()) == column;
}

// Built-in functions that migrations call and that change no rows of tables. One of a migration
// with such a name is only called with its schema, or with arguments that the built-in one does not
// take.
constexpr std::array<std::string_view, 58> kHarmless = {"abs",
                                                        "array_agg",
                                                        "array_length",
                                                        "avg",
                                                        "bool_and",
                                                        "bool_or",
                                                        "btrim",
                                                        "cardinality",
                                                        "ceil",
                                                        "char_length",
                                                        "clock_timestamp",
                                                        "concat",
                                                        "concat_ws",
                                                        "count",
                                                        "current_database",
                                                        "current_schema",
                                                        "current_setting",
                                                        "currval",
                                                        "date_part",
                                                        "date_trunc",
                                                        "extract",
                                                        "floor",
                                                        "format",
                                                        "gen_random_uuid",
                                                        "jsonb_build_object",
                                                        "lastval",
                                                        "left",
                                                        "length",
                                                        "lower",
                                                        "lpad",
                                                        "max",
                                                        "md5",
                                                        "min",
                                                        "mod",
                                                        "nextval",
                                                        "now",
                                                        "pg_advisory_lock",
                                                        "pg_advisory_unlock",
                                                        "pg_advisory_xact_lock",
                                                        "pg_get_serial_sequence",
                                                        "pg_notify",
                                                        "pg_sleep",
                                                        "quote_ident",
                                                        "quote_literal",
                                                        "random",
                                                        "regexp_replace",
                                                        "replace",
                                                        "round",
                                                        "row_number",
                                                        "set_config",
                                                        "setval",
                                                        "string_agg",
                                                        "substring",
                                                        "sum",
                                                        "to_char",
                                                        "to_regclass",
                                                        "upper",
                                                        "version"};

bool IsHarmless(const std::vector<std::string>& function) {
  const bool is_built_in = function.size() == 1 || function.front() == "pg_catalog";
  return is_built_in && std::ranges::find(kHarmless, function.back()) != kHarmless.end();
}

class ValueChangeReader {
 public:
  void Read(std::string_view script, size_t number) {
    script_ = script;
    number_ = number;
    const std::optional<json> tree = ParseTreeOf(script);
    if (!tree) {
      changes_.with_code.push_back(number);
      return;
    }
    has_code_ = false;
    for (const json& item : At(*tree, "stmts")) {
      raw_ = &item;
      ReadStatement(At(item, "stmt"));
    }
    if (has_code_) changes_.with_code.push_back(number);
  }

  ValueChanges Changes() && { return std::move(changes_); }

 private:
  void ReadStatement(const json& statement) {
    if (statement.contains("CreateStmt")) {
      Create(statement["CreateStmt"], At(statement["CreateStmt"], "relation"));
    } else if (statement.contains("CreateTableAsStmt")) {
      const json& create = statement["CreateTableAsStmt"];
      Create(create, At(At(create, "into"), "rel"));
      ReadQuery(statement);
    } else if (statement.contains("AlterTableStmt")) {
      ReadAlterations(statement["AlterTableStmt"]);
    } else if (statement.contains("RenameStmt")) {
      ReadRename(statement["RenameStmt"]);
    } else if (statement.contains("DropStmt")) {
      ReadDrop(statement["DropStmt"]);
    } else if (statement.contains("TruncateStmt")) {
      for (const json& table : At(statement["TruncateStmt"], "relations")) {
        Note(RelationName(At(table, "RangeVar")), "", changes_.deleted);
      }
    } else if (IsQuery(statement)) {
      ReadQuery(statement);
      has_code_ = has_code_ || (statement.contains("SelectStmt") && CallsFunction(statement));
    } else if (statement.contains("DoStmt") || statement.contains("CallStmt") ||
               statement.contains("ExecuteStmt")) {
      has_code_ = true;
    }
  }

  // With IF NOT EXISTS it may have been there before.
  void Create(const json& create, const json& range) {
    if (!create.value("if_not_exists", false)) names_.Create(RelationName(range));
  }

  static bool IsQuery(const json& statement) {
    constexpr std::array kQueries = {"UpdateStmt", "MergeStmt",  "InsertStmt",
                                     "DeleteStmt", "SelectStmt", "CopyStmt"};
    return std::ranges::any_of(kQueries,
                               [&](const char* kind) { return statement.contains(kind); });
  }

  void ReadAlterations(const json& alter) {
    const ObjectName table = RelationName(At(alter, "relation"));
    for (const json& item : At(alter, "cmds")) {
      const json& command = At(item, "AlterTableCmd");
      const std::string kind = TextAt(command, "subtype");
      const json& definition = At(At(command, "def"), "ColumnDef");
      if (kind == "AT_AddColumn" && !command.value("missing_ok", false)) {
        names_.Add(table, TextAt(definition, "colname"));
      }
      if (kind == "AT_DropColumn") DropColumn(table, TextAt(command, "name"));
      if (kind == "AT_AlterColumnType") ReadConversion(table, command, definition);
    }
  }

  void ReadConversion(const ObjectName& table, const json& command, const json& definition) {
    const std::string column = TextAt(command, "name");
    const json& expression = At(definition, "raw_default");
    if (expression.empty() || IsCastOf(expression, column)) return;
    if (UndoesConversionOf(table, column)) return;
    Note(table, column, changes_.converted);
  }

  // Of one statement, each conversion that can be undone has its own statement.
  bool UndoesConversionOf(const ObjectName& table, const std::string& column) const {
    const std::vector<std::string> undo = UndoRenames(Text());
    return std::ranges::any_of(undo, [&](const std::string& statement) {
      if (!UndoesConversion(statement)) return false;
      const std::optional<json> tree = ParseTreeOf(statement);
      if (!tree || At(*tree, "stmts").empty()) return false;
      const json& alter = At(At(At(*tree, "stmts").front(), "stmt"), "AlterTableStmt");
      const json& command = At(At(alter, "cmds").front(), "AlterTableCmd");
      return RelationName(At(alter, "relation")) == table && TextAt(command, "name") == column;
    });
  }

  void ReadRename(const json& rename) {
    const ObjectName table = RelationName(At(rename, "relation"));
    const std::string kind = TextAt(rename, "renameType");
    const std::string to = TextAt(rename, "newname");
    if (kind == "OBJECT_TABLE") names_.Rename(table, to);
    if (kind == "OBJECT_COLUMN") names_.Rename(table, TextAt(rename, "subname"), to);
  }

  void ReadDrop(const json& drop) {
    if (TextAt(drop, "removeType") != "OBJECT_TABLE") return;
    for (const json& object : At(drop, "objects")) {
      const ObjectName table = NameFromParts(NamePartsIn(object));
      if (const auto before = names_.Before(table, "")) {
        const auto is_of_table = [&](const ChangedColumn& one) {
          return IsSame(one.table, before->table);
        };
        for (auto* list :
             {&changes_.converted, &changes_.updated, &changes_.deleted, &changes_.inserted}) {
          std::erase_if(*list, is_of_table);
        }
      }
      names_.Forget(table);
    }
  }

  void DropColumn(const ObjectName& table, const std::string& column) {
    if (const auto before = names_.Before(table, column)) {
      const auto is_column = [&](const ChangedColumn& one) {
        return one.column == before->column && IsSame(one.table, before->table);
      };
      std::erase_if(changes_.converted, is_column);
      std::erase_if(changes_.updated, is_column);
    }
    names_.Drop(table, column);
  }

  // Statements that change rows, at any depth.
  void ReadQuery(const json& node) {
    if (node.is_array()) {
      for (const json& item : node) ReadQuery(item);
    }
    if (!node.is_object()) return;
    for (const auto& [key, child] : node.items()) {
      if (key == "UpdateStmt") NoteTargets(child, At(child, "targetList"));
      if (key == "InsertStmt") NoteTargets(child, At(At(child, "onConflictClause"), "targetList"));
      if (key == "InsertStmt" && InsertsQuery(child)) NoteTable(child, changes_.inserted);
      if (key == "DeleteStmt") NoteTable(child, changes_.deleted);
      if (key == "MergeStmt") ReadMerge(child);
      ReadQuery(child);
    }
  }

  // Not DEFAULT VALUES or VALUES.
  static bool InsertsQuery(const json& insert) {
    const json& query = At(At(insert, "selectStmt"), "SelectStmt");
    return !query.empty() && !query.contains("valuesLists");
  }

  static bool CallsFunction(const json& node) {
    if (node.is_object() && node.contains("FuncCall")) {
      const std::vector<std::string> name = NamePartsIn(At(node["FuncCall"], "funcname"));
      if (!name.empty() && !IsHarmless(name)) return true;
    }
    return node.is_structured() && std::ranges::any_of(node, CallsFunction);
  }

  void ReadMerge(const json& merge) {
    for (const json& item : At(merge, "mergeWhenClauses")) {
      const json& when = At(item, "MergeWhenClause");
      if (TextAt(when, "commandType") == "CMD_UPDATE") NoteTargets(merge, At(when, "targetList"));
    }
  }

  void NoteTargets(const json& change, const json& targets) {
    const ObjectName table = RelationName(At(change, "relation"));
    for (const json& target : targets) {
      Note(table, TextAt(At(target, "ResTarget"), "name"), changes_.updated);
    }
  }

  void NoteTable(const json& change, std::vector<ChangedColumn>& list) {
    Note(RelationName(At(change, "relation")), "", list);
  }

  void Note(const ObjectName& table, const std::string& column, std::vector<ChangedColumn>& list) {
    std::optional<ChangedColumn> changed = names_.Before(table, column);
    if (!changed) return;
    changed->script = number_;
    changed->statement = Text();
    list.push_back(*std::move(changed));
  }

  // Of the current statement, without comments before it.
  std::string Text() const {
    const auto number = [&](const char* key) -> size_t {
      const json& value = At(*raw_, key);
      return value.is_number_unsigned() ? value.get<size_t>() : 0;
    };
    const size_t begin = std::min(number("stmt_location"), script_.size());
    const size_t length = number("stmt_len");
    StatementIterator statement(script_.substr(begin, length == 0 ? script_.npos : length));
    return statement.Next() ? std::string(statement.statement().text) : std::string();
  }

  Names names_;
  ValueChanges changes_;
  std::string_view script_;
  size_t number_ = 0;
  const json* raw_ = nullptr;  // the current statement
  bool has_code_ = false;
};

}  // namespace

bool ChangedColumn::Is(const ObjectName& of_table, const std::string& name) const {
  return column == name && IsSame(table, of_table);
}

ValueChanges ValueChangesIn(const std::vector<std::string_view>& scripts) {
  ValueChangeReader reader;
  for (size_t number = 0; number < scripts.size(); ++number) reader.Read(scripts[number], number);
  return std::move(reader).Changes();
}

}  // namespace ballast::sql
