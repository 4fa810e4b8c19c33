// SPDX-License-Identifier: Apache-2.0
// libpg_query gives its parse tree as JSON.
#include "sql/extension_statements.h"

#include <pg_query.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "sql/split.h"

namespace ballast::sql {
namespace {

using nlohmann::json;

std::string TextAt(const json& node, const char* key) {
  const auto found = node.find(key);
  return found == node.end() || !found->is_string() ? std::string() : found->get<std::string>();
}

const json& At(const json& node, const char* key) {
  static const json nothing = json::object();
  const auto found = node.find(key);
  return found == node.end() ? nothing : *found;
}

std::string StringIn(const json& node) {
  return TextAt(At(node, "String"), "sval");
}

// Most scripts have none, and are not lexed.
bool MayHaveSome(std::string_view script) {
  constexpr std::string_view kWord = "extension";
  return std::search(script.begin(), script.end(), kWord.begin(), kWord.end(), [](char a, char b) {
           return std::tolower(static_cast<unsigned char>(a)) == b;
         }) != script.end();
}

// By the leading words, so that only these statements are parsed.
bool IsCandidate(const TokenReader& statement) {
  for (const char* verb : {"create", "alter", "drop"}) {
    if (statement.Is(verb) && statement.Is("extension", 1)) return true;
  }
  if (statement.Is("comment")) return statement.Is("on", 1) && statement.Is("extension", 2);
  return statement.Is("set") || statement.Is("reset");
}

class Reading {
 public:
  void Read(const Piece& piece) {
    const PgQueryParseResult result = pg_query_parse(std::string(piece.text).c_str());
    const json tree = result.error == nullptr && result.parse_tree != nullptr
                          ? json::parse(result.parse_tree, nullptr, /*allow_exceptions=*/false)
                          : json(json::value_t::discarded);
    pg_query_free_parse_result(result);
    if (tree.is_discarded()) return;
    for (const json& item : At(tree, "stmts")) {
      const json& statement = At(item, "stmt");
      if (!statement.empty()) Add(piece, statement.begin().key(), statement.begin().value());
    }
  }

  std::vector<ExtensionStatement> Take() { return std::move(statements_); }

 private:
  void Add(const Piece& piece, const std::string& node, const json& body) {
    if (node == "CreateExtensionStmt") {
      Create(piece, body);
    } else if (node.starts_with("AlterExtension")) {
      Append(piece, ExtensionAct::kChange, TextAt(body, "extname"));
    } else if (node == "AlterObjectSchemaStmt" || node == "CommentStmt") {
      const char* kind = node == "CommentStmt" ? "objtype" : "objectType";
      if (TextAt(body, kind) != "OBJECT_EXTENSION") return;
      Append(piece, ExtensionAct::kChange, StringIn(At(body, "object")));
    } else if (node == "DropStmt") {
      for (const json& object : At(body, "objects")) {
        Append(piece, ExtensionAct::kDrop, StringIn(object));
      }
    } else if (node == "VariableSetStmt") {
      const std::string name = TextAt(body, "name");
      const bool all = TextAt(body, "kind") == "VAR_RESET_ALL";
      if (all || name == "role" || name == "session_authorization") {
        Append(piece, ExtensionAct::kSwitchRole, {});
      }
    }
  }

  void Create(const Piece& piece, const json& body) {
    ExtensionStatement& made = Append(piece, ExtensionAct::kCreate, TextAt(body, "extname"));
    for (const json& option : At(body, "options")) {
      const json& element = At(option, "DefElem");
      const std::string name = TextAt(element, "defname");
      if (name == "new_version") made.version = StringIn(At(element, "arg"));
      if (name == "cascade") made.cascade = true;
    }
  }

  ExtensionStatement& Append(const Piece& piece, ExtensionAct act, std::string name) {
    statements_.push_back({act, std::move(name), {}, false, piece.text, piece.line});
    return statements_.back();
  }

  std::vector<ExtensionStatement> statements_;
};

}  // namespace

std::vector<ExtensionStatement> ExtensionStatementsIn(std::string_view script) {
  if (!MayHaveSome(script)) return {};
  Reading reading;
  StatementWalk walk(script);
  while (walk.Next()) {
    if (IsCandidate(walk.reader())) reading.Read(walk.piece());
  }
  return reading.Take();
}

}  // namespace ballast::sql
