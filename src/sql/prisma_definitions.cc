// SPDX-License-Identifier: Apache-2.0
#include "sql/prisma_definitions.h"

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "base/text.h"
#include "sql/parse_tree_internal.h"

namespace ballast::sql {
namespace {

using nlohmann::json;

// The parse tree of one statement; null when the text is not understood.
json ParseStatement(const std::string& sql) {
  const std::optional<json> tree = ParseTreeOf(sql);
  if (!tree || At(*tree, "stmts").size() != 1) return {};
  return At(*tree, "stmts")[0].value("stmt", json());
}

bool IsBeyond(const json& parameter) {
  const json element = parameter.value("IndexElem", json::object());
  const std::string nulls = element.value("nulls_ordering", "SORTBY_NULLS_DEFAULT");
  return !element.contains("name") || element.contains("collation") ||
         nulls != "SORTBY_NULLS_DEFAULT";
}

const json& Child(const json& node, const char* name) {
  static const json nothing;
  const auto found = node.find(name);
  return found == node.end() ? nothing : *found;
}

// The last part of a type's name: "numeric", "jsonb".
std::string TypeNameOf(const json& cast) {
  const json& names = Child(Child(cast, "typeName"), "names");
  if (!names.is_array() || names.empty()) return {};
  const json& last = Child(names.back(), "String");
  return last.is_object() ? last.value("sval", "") : std::string();
}

bool IsTime(const std::string& type) {
  return type.starts_with("timestamp") || type == "date" || type.starts_with("time");
}

bool IsNumber(const std::string& text) {
  if (text.empty()) return false;
  char* end = nullptr;
  std::strtod(text.c_str(), &end);
  return *end == '\0' && text.find_first_not_of("+-.0123456789eE") == std::string::npos;
}

// "007.50" → "7.5"; only for texts without an exponent.
std::string PlainNumber(std::string text) {
  if (text.find_first_of("eE") != std::string::npos) return text;
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.erase(0, 1);
  if (text.find('.') != std::string::npos) {
    while (text.ends_with('0')) text.pop_back();
    if (text.ends_with('.')) text.pop_back();
  }
  while (text.size() > 1 && text[0] == '0' && text[1] != '.') text.erase(0, 1);
  if (text.starts_with('.')) text.insert(0, "0");
  return (negative && text != "0" ? "-" : "") + text;
}

// The elements of '{a,"b c"}'; nothing where one of them is a list itself.
std::optional<std::vector<std::string>> ListOf(const std::string& text) {
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') return std::nullopt;
  const std::string_view inside = std::string_view(text).substr(1, text.size() - 2);
  if (inside.empty()) return std::vector<std::string>();
  std::vector<std::string> items(1);
  bool quoted = false;
  for (size_t i = 0; i < inside.size(); ++i) {
    const char c = inside[i];
    if (c == '"') {
      quoted = !quoted;
    } else if (c == '\\' && i + 1 < inside.size()) {
      items.back() += inside[++i];
    } else if (!quoted && (c == '{' || c == '}')) {
      return std::nullopt;
    } else if (!quoted && c == ',') {
      items.emplace_back();
    } else {
      items.back() += c;
    }
  }
  return items;
}

class DefaultReader {
 public:
  // `sql` is the statement that the tree is of.
  explicit DefaultReader(const std::string& sql) : sql_(sql) {}

  // Nothing for anything other than a constant or a call of now().
  std::optional<std::string> Read(const json& node) {
    if (node.contains("TypeCast")) return Cast(node["TypeCast"]);
    if (node.contains("A_Const")) return Constant(node["A_Const"]);
    if (node.contains("A_ArrayExpr")) return List(node["A_ArrayExpr"]);
    if (node.contains("A_Expr")) return Negative(node["A_Expr"]);
    if (node.contains("SQLValueFunction")) {
      const json& function = node["SQLValueFunction"];
      const bool now = function.value("op", "") == "SVFOP_CURRENT_TIMESTAMP";
      return now ? std::optional<std::string>("now()") : std::nullopt;
    }
    if (node.contains("FuncCall")) return Call(node["FuncCall"]);
    return std::nullopt;
  }

 private:
  std::optional<std::string> Cast(const json& cast) {
    const std::string type = TypeNameOf(cast);
    const bool is_list = Child(cast, "typeName").contains("arrayBounds");
    std::optional<std::string> value = Read(Child(cast, "arg"));
    if (!value || *value == "now()") return value;
    if (is_list && value->starts_with("text ")) {
      const auto items = ListOf(value->substr(5));
      if (!items) return value;
      std::string list = "list";
      for (const std::string& item : *items) {
        list += " " + Element(type == "bool" ? BooleanOf(item) : item);
      }
      return list;
    }
    if (!value->starts_with("text ")) return value;
    const std::string text = value->substr(5);
    if ((type == "json" || type == "jsonb") && !is_list) {
      const json parsed = json::parse(text, nullptr, false);
      return parsed.is_discarded() ? value : "text " + parsed.dump();
    }
    if (IsTime(type)) return "time";  // Prisma does not compare the times of two defaults
    return IsNumber(text) && type != "text" && type != "varchar" && type != "bpchar"
               ? "number " + PlainNumber(text)
               : value;
  }

  static std::string BooleanOf(const std::string& text) {
    return text == "t" ? "true" : text == "f" ? "false" : text;
  }

  // In quotes, so that equal lists have equal elements.
  static std::string Element(const std::string& text) {
    const std::string plain(Trim(text));
    return json(IsNumber(plain) ? PlainNumber(plain) : plain).dump();
  }

  // libpg_query leaves out the value of an integer below 1; the text has it.
  std::string IntegerAt(const json& constant) const {
    const auto location = constant.value("location", size_t{0});
    std::string number;
    for (size_t i = location; i < sql_.size(); ++i) {
      const bool sign = i == location && sql_[i] == '-';
      const bool blank = sql_[i] == ' ' && number == "-";
      if (!sign && !blank && (sql_[i] < '0' || sql_[i] > '9')) break;
      if (!blank) number += sql_[i];
    }
    return number;
  }

  std::optional<std::string> Constant(const json& constant) const {
    if (constant.contains("sval")) {
      return "text " + Child(constant, "sval").value("sval", std::string());
    }
    if (constant.contains("fval")) {
      return "number " + PlainNumber(Child(constant, "fval").value("fval", std::string()));
    }
    if (constant.contains("ival")) {
      const json& value = Child(constant, "ival");
      if (!value.contains("ival")) return "number " + PlainNumber(IntegerAt(constant));
      return "number " + std::to_string(value.value("ival", int64_t{0}));
    }
    if (constant.contains("boolval")) {
      return std::string("boolean ") +
             (Child(constant, "boolval").value("boolval", false) ? "true" : "false");
    }
    return std::nullopt;
  }

  std::optional<std::string> List(const json& array) {
    std::string list = "list";
    for (const json& element : Child(array, "elements")) {
      const std::optional<std::string> value = Read(element);
      const size_t blank = value ? value->find(' ') : std::string::npos;
      if (blank == std::string::npos) return std::nullopt;
      list += " " + Element(value->substr(blank + 1));
    }
    return list;
  }

  std::optional<std::string> Negative(const json& expression) {
    if (expression.contains("lexpr")) return std::nullopt;
    const json& name = Child(expression, "name");
    if (!name.is_array() || name.size() != 1) return std::nullopt;
    if (Child(name[0], "String").value("sval", std::string()) != "-") return std::nullopt;
    const std::optional<std::string> value = Read(Child(expression, "rexpr"));
    if (!value || !value->starts_with("number ")) return std::nullopt;
    return "number " + PlainNumber("-" + value->substr(7));
  }

  static std::optional<std::string> Call(const json& call) {
    const json& names = Child(call, "funcname");
    if (call.contains("args") || !names.is_array() || names.empty()) return std::nullopt;
    const std::string name = Child(names.back(), "String").value("sval", std::string());
    if (name != "now") return std::nullopt;
    return "now()";
  }

  const std::string& sql_;
};

// The IndexStmt of a definition, complete or from USING on; null when it is not understood.
json ParseIndex(std::string_view definition) {
  std::string text(definition);
  if (!text.starts_with("CREATE ")) text = "CREATE INDEX i ON t " + text;
  const json statement = ParseStatement(text);
  if (!statement.is_object() || !statement.contains("IndexStmt")) return {};
  return statement["IndexStmt"];
}

// The last part of a qualified name; empty if there is none.
std::string LastName(const json& names) {
  if (!names.is_array() || names.empty()) return {};
  return Child(names.back(), "String").value("sval", std::string());
}

// "\"column\" DESC class"; empty for an expression.
std::string ColumnOf(const json& parameter, bool with_class) {
  const json& element = Child(parameter, "IndexElem");
  if (!element.is_object() || !element.contains("name")) return {};
  std::string text = json(element.value("name", "")).dump();
  if (element.value("ordering", "") == "SORTBY_DESC") text += " DESC";
  if (with_class) text += " " + LastName(Child(element, "opclass"));
  return text;
}

// The names of a list of strings: ("a", "b").
std::string NamesOf(const json& names) {
  std::string text = "(";
  if (names.is_array()) {
    for (const json& name : names) {
      text += json(Child(name, "String").value("sval", std::string())).dump() + ", ";
    }
  }
  return text + ")";
}

}  // namespace

std::optional<std::string> PrismaKey(std::string_view definition) {
  const json statement = ParseStatement("ALTER TABLE t ADD " + std::string(definition));
  const json& commands = Child(Child(statement, "AlterTableStmt"), "cmds");
  if (!commands.is_array() || commands.size() != 1) return std::nullopt;
  const json& key = Child(Child(Child(commands[0], "AlterTableCmd"), "def"), "Constraint");
  if (!key.is_object()) return std::nullopt;
  const std::string kind = key.value("contype", "");
  if (kind == "CONSTR_PRIMARY") {
    return "primary " + NamesOf(Child(key, "keys")) + NamesOf(Child(key, "including"));
  }
  if (kind != "CONSTR_FOREIGN") return std::nullopt;
  const json& table = Child(key, "pktable");
  return "foreign " + NamesOf(Child(key, "fk_attrs")) + " " +
         json({table.value("schemaname", ""), table.value("relname", "")}).dump() +
         NamesOf(Child(key, "pk_attrs")) + key.value("fk_upd_action", "") +
         key.value("fk_del_action", "");
}

std::optional<PrismaIndex> ReadPrismaIndex(std::string_view definition, IndexOrigin origin) {
  const json index = ParseIndex(definition);
  if (!index.is_object()) return std::nullopt;
  const std::string method = index.value("accessMethod", "btree");
  const bool reads_classes =
      origin == IndexOrigin::kSchema || (method != "btree" && method != "hash");
  PrismaIndex seen{method, index.contains("whereClause")};
  for (const char* part : {"indexParams", "indexIncludingParams"}) {
    for (const json& parameter : Child(index, part)) {
      const std::string column = ColumnOf(parameter, reads_classes);
      if (column.empty()) return std::nullopt;
      seen.columns += ", " + std::string(Trim(column));
    }
  }
  return seen;
}

bool IsIndexBeyondPrisma(std::string_view definition) {
  const json index = ParseIndex(definition);
  if (!index.is_object()) return false;
  for (const char* part : {"whereClause", "indexIncludingParams", "options"}) {
    if (index.contains(part)) return true;
  }
  if (index.value("nulls_not_distinct", false)) return true;
  for (const json& parameter : Child(index, "indexParams")) {
    if (IsBeyond(parameter)) return true;
  }
  return false;
}

std::string PrismaDefault(std::string_view expression) {
  std::string text(expression);
  const std::string sql = "SELECT " + text;
  const json statement = ParseStatement(sql);
  if (!statement.is_object() || !statement.contains("SelectStmt")) return text;
  const json& targets = Child(statement["SelectStmt"], "targetList");
  if (!targets.is_array() || targets.size() != 1) return text;
  const json& value = Child(Child(targets[0], "ResTarget"), "val");
  if (!value.is_object()) return text;
  return DefaultReader(sql).Read(value).value_or(text);
}

}  // namespace ballast::sql
