// SPDX-License-Identifier: Apache-2.0
#include "sql/extension_statements.h"

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "sql/parse_tree_internal.h"
#include "sql/role_switch.h"
#include "sql/split.h"

namespace ballast::sql {
namespace {

using nlohmann::json;

// By the leading words, so that only these statements are parsed.
bool IsCandidate(const TokenReader& statement) {
  for (const char* verb : {"create", "alter", "drop"}) {
    if (statement.Is(verb) && statement.Is("extension", 1)) return true;
  }
  return statement.Is("comment") && statement.Is("on", 1) && statement.Is("extension", 2);
}

class ExtensionStatementReader {
 public:
  void Read(const StatementText& source) {
    const std::optional<json> tree = ParseTreeOf(source.text);
    if (!tree) return;
    for (const json& item : At(*tree, "stmts")) {
      const json& statement = At(item, "stmt");
      if (!statement.empty()) Add(source, statement.begin().key(), statement.begin().value());
    }
  }

  void AddSwitch(const StatementText& source) { Append(source, ExtensionAct::kSwitchRole, {}); }

  std::vector<ExtensionStatement> Take() { return std::move(statements_); }

 private:
  void Add(const StatementText& statement, const std::string& node, const json& body) {
    if (node == "CreateExtensionStmt") {
      Create(statement, body);
    } else if (node.starts_with("AlterExtension")) {
      Append(statement, ExtensionAct::kChange, TextAt(body, "extname"));
    } else if (node == "AlterObjectSchemaStmt" || node == "CommentStmt") {
      const char* kind = node == "CommentStmt" ? "objtype" : "objectType";
      if (TextAt(body, kind) != "OBJECT_EXTENSION") return;
      Append(statement, ExtensionAct::kChange, StringIn(At(body, "object")));
    } else if (node == "DropStmt") {
      for (const json& object : At(body, "objects")) {
        Append(statement, ExtensionAct::kDrop, StringIn(object));
      }
    }
  }

  void Create(const StatementText& statement, const json& body) {
    ExtensionStatement& made = Append(statement, ExtensionAct::kCreate, TextAt(body, "extname"));
    for (const json& option : At(body, "options")) {
      const json& element = At(option, "DefElem");
      const std::string name = TextAt(element, "defname");
      if (name == "new_version") made.version = StringIn(At(element, "arg"));
      if (name == "cascade") made.cascade = true;
    }
  }

  ExtensionStatement& Append(const StatementText& statement, ExtensionAct act, std::string name) {
    statements_.push_back({act, std::move(name), {}, false, statement.text, statement.line});
    return statements_.back();
  }

  std::vector<ExtensionStatement> statements_;
};

}  // namespace

std::vector<ExtensionStatement> ExtensionStatementsIn(std::string_view script) {
  // Most scripts have none and need not be lexed.
  if (!ContainsIgnoringAsciiCase(script, "extension")) return {};
  ExtensionStatementReader reading;
  StatementIterator walk(script);
  while (walk.Next()) {
    if (SwitchesRole(walk.reader())) reading.AddSwitch(walk.statement());
    if (IsCandidate(walk.reader())) reading.Read(walk.statement());
  }
  return reading.Take();
}

}  // namespace ballast::sql
