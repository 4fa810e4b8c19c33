// SPDX-License-Identifier: Apache-2.0
#include "sql/effects.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "sql/parse_tree_internal.h"
#include "sql/readable_name.h"

namespace ballast::sql {
namespace {

using nlohmann::json;

struct Word {
  const char* object_type;
  const char* word;
  ObjectKind kind;
};
constexpr Word kWords[] = {{"OBJECT_TABLE", "table", ObjectKind::kRelation},
                           {"OBJECT_VIEW", "view", ObjectKind::kRelation},
                           {"OBJECT_MATVIEW", "materialized view", ObjectKind::kRelation},
                           {"OBJECT_INDEX", "index", ObjectKind::kRelation},
                           {"OBJECT_SEQUENCE", "sequence", ObjectKind::kRelation},
                           {"OBJECT_TYPE", "type", ObjectKind::kType},
                           {"OBJECT_DOMAIN", "domain", ObjectKind::kType},
                           {"OBJECT_COLUMN", "column", ObjectKind::kColumn},
                           {"OBJECT_TABCONSTRAINT", "constraint", ObjectKind::kConstraint},
                           {"OBJECT_TRIGGER", "trigger", ObjectKind::kTrigger},
                           {"OBJECT_FUNCTION", "function", ObjectKind::kFunction},
                           {"OBJECT_PROCEDURE", "procedure", ObjectKind::kFunction},
                           {"OBJECT_SCHEMA", "schema", ObjectKind::kSchema},
                           {"OBJECT_EXTENSION", "extension", ObjectKind::kExtension}};

const Word* WordOf(const std::string& object_type) {
  const auto* found = std::find_if(std::begin(kWords), std::end(kWords),
                                   [&](const Word& w) { return object_type == w.object_type; });
  return found == std::end(kWords) ? nullptr : found;
}

class EffectReader {
 public:
  // False when the statement leaves no object that could be looked for.
  bool Read(const json& statement) {
    const std::string node = statement.begin().key();
    const json& body = statement.begin().value();
    ++statement_;
    conditional_ = IsConditional(body);
    if (node == "AlterTableStmt") return AlterTable(body);
    if (node == "DropStmt") return Drop(body);
    if (node == "RenameStmt") return Rename(body);
    if (node == "AlterEnumStmt") return AddValue(body);
    return Create(node, body);
  }

  std::vector<Effect> Take() { return std::move(effects_); }

 private:
  static bool IsConditional(const json& body) {
    constexpr std::array<const char*, 4> kFlags = {"if_not_exists", "missing_ok", "replace",
                                                   "skipIfNewValExists"};
    return std::any_of(kFlags.begin(), kFlags.end(),
                       [&](const char* flag) { return At(body, flag) == true; });
  }

  bool Add(Effect effect) {
    if (effect.name.empty()) return false;
    effect.statement = statement_;
    effect.certain = !conditional_;
    if (effect.kind == ObjectKind::kRelation && !effect.exists) DoubtParts(effect);
    AddEffect(std::move(effect), &effects_);
    return true;
  }

  // Parts of a table go with it, under whatever name.
  void DoubtParts(const Effect& table) {
    for (Effect& effect : effects_) {
      if (effect.schema == table.schema && effect.parent == table.name) effect.certain = false;
    }
  }

  bool AddRelation(const char* word, const json& range) {
    return Add({ObjectKind::kRelation,
                word,
                TextAt(range, "schemaname"),
                {},
                TextAt(range, "relname"),
                true});
  }

  bool AddNamed(ObjectKind kind, const char* word, const std::vector<std::string>& parts) {
    if (parts.empty()) return false;
    return Add({kind,
                word,
                parts.size() > 1 ? parts[parts.size() - 2] : std::string(),
                {},
                parts.back(),
                true});
  }

  bool Create(const std::string& node, const json& body) {
    if (node == "CreateStmt") return AddRelation("table", At(body, "relation"));
    if (node == "ViewStmt") return AddRelation("view", At(body, "view"));
    if (node == "CreateSeqStmt") return AddRelation("sequence", At(body, "sequence"));
    if (node == "CreateTableAsStmt") {
      return AddRelation(
          TextAt(body, "objtype") == "OBJECT_MATVIEW" ? "materialized view" : "table",
          At(At(body, "into"), "rel"));
    }
    if (node == "IndexStmt") {
      return Add({ObjectKind::kRelation,
                  "index",
                  TextAt(At(body, "relation"), "schemaname"),
                  {},
                  TextAt(body, "idxname"),
                  true});
    }
    if (node == "CreateTrigStmt") {
      return Add({ObjectKind::kTrigger, "trigger", TextAt(At(body, "relation"), "schemaname"),
                  TextAt(At(body, "relation"), "relname"), TextAt(body, "trigname"), true});
    }
    return CreateNamed(node, body);
  }

  bool CreateNamed(const std::string& node, const json& body) {
    if (node == "CreateEnumStmt" || node == "CreateRangeStmt") {
      return AddNamed(ObjectKind::kType, "type", NamePartsIn(At(body, "typeName")));
    }
    if (node == "CompositeTypeStmt") {
      const json& range = At(body, "typevar");
      return Add({ObjectKind::kType,
                  "type",
                  TextAt(range, "schemaname"),
                  {},
                  TextAt(range, "relname"),
                  true});
    }
    if (node == "CreateDomainStmt") {
      return AddNamed(ObjectKind::kType, "domain", NamePartsIn(At(body, "domainname")));
    }
    if (node == "CreateFunctionStmt") {
      return AddNamed(ObjectKind::kFunction, "function", NamePartsIn(At(body, "funcname")));
    }
    if (node == "CreateSchemaStmt") {
      return Add({ObjectKind::kSchema, "schema", {}, {}, TextAt(body, "schemaname"), true});
    }
    if (node == "CreateExtensionStmt") {
      return Add({ObjectKind::kExtension, "extension", {}, {}, TextAt(body, "extname"), true});
    }
    return false;
  }

  bool AddValue(const json& body) {
    const std::vector<std::string> type = NamePartsIn(At(body, "typeName"));
    if (type.empty()) return false;
    return Add({ObjectKind::kEnumValue, "enum value",
                type.size() > 1 ? type[type.size() - 2] : std::string(), type.back(),
                TextAt(body, "newVal"), true});
  }

  bool AlterTable(const json& body) {
    const json& table = At(body, "relation");
    bool any = false;
    const auto add = [&](ObjectKind kind, const char* word, std::string name, bool exists) {
      any |= Add({kind, word, TextAt(table, "schemaname"), TextAt(table, "relname"),
                  std::move(name), exists});
    };
    for (const json& item : At(body, "cmds")) {
      const json& command = At(item, "AlterTableCmd");
      const std::string type = TextAt(command, "subtype");
      conditional_ = IsConditional(command);
      const json& definition = At(command, "def");
      if (type == "AT_AddColumn") {
        add(ObjectKind::kColumn, "column", TextAt(At(definition, "ColumnDef"), "colname"), true);
      } else if (type == "AT_DropColumn") {
        add(ObjectKind::kColumn, "column", TextAt(command, "name"), false);
      } else if (type == "AT_AddConstraint") {
        add(ObjectKind::kConstraint, "constraint", TextAt(At(definition, "Constraint"), "conname"),
            true);
      } else if (type == "AT_DropConstraint") {
        add(ObjectKind::kConstraint, "constraint", TextAt(command, "name"), false);
      }
    }
    return any;
  }

  bool Drop(const json& body) {
    const Word* word = WordOf(TextAt(body, "removeType"));
    if (word == nullptr) return false;
    bool any = false;
    for (const json& object : At(body, "objects")) {
      std::vector<std::string> parts = NamePartsIn(object);
      if (parts.empty()) continue;
      Effect effect{word->kind, word->word, {}, {}, parts.back(), false};
      parts.pop_back();
      if (word->kind == ObjectKind::kTrigger && !parts.empty()) {
        effect.parent = parts.back();
        parts.pop_back();
      }
      if (!parts.empty()) effect.schema = parts.back();
      any |= Add(std::move(effect));
    }
    return any;
  }

  bool Rename(const json& body) {
    const Word* word = WordOf(TextAt(body, "renameType"));
    const json& range = At(body, "relation");
    if (word == nullptr) return false;
    if (range.empty()) return RenameNamed(*word, body);
    const bool part = !TextAt(body, "subname").empty();
    Effect effect{word->kind,
                  word->word,
                  TextAt(range, "schemaname"),
                  part ? TextAt(range, "relname") : std::string(),
                  part ? TextAt(body, "subname") : TextAt(range, "relname"),
                  false};
    if (!Add(effect)) return false;
    effect.name = TextAt(body, "newname");
    effect.exists = true;
    return Add(std::move(effect));
  }

  bool RenameNamed(const Word& word, const json& body) {
    std::vector<std::string> parts = NamePartsIn(At(body, "object"));
    if (word.kind != ObjectKind::kType || parts.empty()) return false;
    Effect effect{word.kind, word.word, {}, {}, parts.back(), false};
    if (parts.size() > 1) effect.schema = parts[parts.size() - 2];
    if (!Add(effect)) return false;
    effect.name = TextAt(body, "newname");
    effect.exists = true;
    return Add(std::move(effect));
  }

  std::vector<Effect> effects_;
  int statement_ = -1;        // the number of the one that is read
  bool conditional_ = false;  // it succeeds without a change, too
};

}  // namespace

bool IsSameObject(const Effect& one, const Effect& other) {
  return one.kind == other.kind && one.schema == other.schema && one.parent == other.parent &&
         one.name == other.name;
}

ObjectKey KeyOf(const Effect& effect) {
  return {effect.kind, effect.schema, effect.parent, effect.name};
}

void AddEffect(Effect effect, std::vector<Effect>* effects) {
  std::erase_if(*effects, [&](const Effect& known) {
    if (!IsSameObject(known, effect)) return false;
    effect.statement = known.statement;
    effect.certain = false;
    return true;
  });
  effects->push_back(std::move(effect));
}

std::string Describe(const Effect& effect) {
  std::string text = effect.word + " ";
  for (const std::string& qualifier : {effect.schema, effect.parent}) {
    if (!qualifier.empty()) text += ReadableName(qualifier) + ".";
  }
  return text + ReadableName(effect.name);
}

std::optional<Effects> EffectsOf(std::string_view script) {
  const std::optional<json> tree = ParseTreeOf(script);
  if (!tree) return std::nullopt;
  Effects effects;
  EffectReader reading;
  for (const json& item : At(*tree, "stmts")) {
    const json& statement = At(item, "stmt");
    if (!statement.empty() && !reading.Read(statement)) ++effects.others;
  }
  effects.objects = reading.Take();
  return effects;
}

}  // namespace ballast::sql
