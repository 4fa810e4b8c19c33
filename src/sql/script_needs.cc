// SPDX-License-Identifier: Apache-2.0
#include "sql/script_needs.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "sql/parse_tree_internal.h"
#include "sql/partition_bound_internal.h"
#include "sql/quote.h"
#include "sql/split.h"

namespace ballast::sql {
namespace {

using nlohmann::json;
using Kind = ScriptNeed::Kind;

// A type as SQL: "pg_catalog"."int4", "T"[].
std::string TypeText(const json& type) {
  std::vector<std::string> parts = NamePartsIn(At(type, "names"));
  for (std::string& part : parts) part = QuoteIdentifier(part);
  return Join(parts, ".") + (At(type, "arrayBounds").empty() ? "" : "[]");
}

// The types of the parameters that belong to the signature.
std::vector<std::string> TypesOf(const json& parameters) {
  std::vector<std::string> types;
  for (const json& item : parameters) {
    const json& parameter = At(item, "FunctionParameter");
    const std::string mode = TextAt(parameter, "mode");
    if (item.contains("TypeName")) types.push_back(TypeText(item["TypeName"]));
    if (parameter.empty() || mode == "FUNC_PARAM_OUT" || mode == "FUNC_PARAM_TABLE") continue;
    types.push_back(TypeText(At(parameter, "argType")));
  }
  return types;
}

// The body of CREATE FUNCTION, if it is one string (AS '…').
std::string SourceIn(const json& function) {
  for (const json& item : At(function, "options")) {
    const json& option = At(item, "DefElem");
    if (TextAt(option, "defname") != "as") continue;
    const json& strings = At(At(At(option, "arg"), "List"), "items");
    if (!strings.is_array() || strings.size() != 1) return {};
    return TextAt(At(strings.front(), "String"), "sval");
  }
  return {};
}

struct TrackedObject {
  NameSpace space;
  std::string schema;
  std::string parent;
  std::string name;
  std::vector<std::string> arguments = {};
  bool any_arguments = false;

  auto Key() const { return std::tuple(space, schema, parent, name, Join(arguments, ",")); }
};
using Key = std::tuple<NameSpace, std::string, std::string, std::string, std::string>;

TrackedObject Named(NameSpace space, std::vector<std::string> parts) {
  TrackedObject object{space, {}, {}, {}};
  if (parts.empty()) return object;
  object.name = parts.back();
  if (parts.size() > 1) object.schema = parts[parts.size() - 2];
  return object;
}

TrackedObject RelationIn(const json& range) {
  return {NameSpace::kRelation, TextAt(range, "schemaname"), {}, TextAt(range, "relname")};
}

struct ObjectType {
  const char* type;  // of libpg_query
  NameSpace space;
};
constexpr ObjectType kObjectTypes[] = {{"OBJECT_TABLE", NameSpace::kRelation},
                                       {"OBJECT_VIEW", NameSpace::kRelation},
                                       {"OBJECT_MATVIEW", NameSpace::kRelation},
                                       {"OBJECT_INDEX", NameSpace::kRelation},
                                       {"OBJECT_SEQUENCE", NameSpace::kRelation},
                                       {"OBJECT_FOREIGN_TABLE", NameSpace::kRelation},
                                       {"OBJECT_TYPE", NameSpace::kType},
                                       {"OBJECT_DOMAIN", NameSpace::kType},
                                       {"OBJECT_FUNCTION", NameSpace::kRoutine},
                                       {"OBJECT_PROCEDURE", NameSpace::kRoutine},
                                       {"OBJECT_AGGREGATE", NameSpace::kRoutine},
                                       {"OBJECT_ROUTINE", NameSpace::kRoutine},
                                       {"OBJECT_SCHEMA", NameSpace::kSchema},
                                       {"OBJECT_EXTENSION", NameSpace::kExtension},
                                       {"OBJECT_TRIGGER", NameSpace::kTrigger},
                                       {"OBJECT_POLICY", NameSpace::kPolicy},
                                       {"OBJECT_COLUMN", NameSpace::kColumn},
                                       {"OBJECT_TABCONSTRAINT", NameSpace::kConstraint},
                                       {"OBJECT_STATISTIC_EXT", NameSpace::kStatistics},
                                       {"OBJECT_PUBLICATION", NameSpace::kPublication},
                                       {"OBJECT_COLLATION", NameSpace::kCollation},
                                       {"OBJECT_EVENT_TRIGGER", NameSpace::kEventTrigger},
                                       {"OBJECT_FOREIGN_SERVER", NameSpace::kServer}};

std::optional<NameSpace> SpaceOf(const std::string& object_type) {
  const auto* found = std::find_if(std::begin(kObjectTypes), std::end(kObjectTypes),
                                   [&](const ObjectType& one) { return object_type == one.type; });
  return found == std::end(kObjectTypes) ? std::nullopt : std::optional(found->space);
}

bool IsPart(NameSpace space) {
  return space == NameSpace::kColumn || space == NameSpace::kConstraint ||
         space == NameSpace::kTrigger || space == NameSpace::kPolicy;
}

bool HasRowType(const std::string& object_type) {
  return object_type != "OBJECT_INDEX" && object_type != "OBJECT_SEQUENCE";
}

bool Calls(const json& statement) {
  const std::string text = statement.dump();
  constexpr std::string_view kCall = "\"FuncCall\"";
  constexpr std::string_view kSetval = "{\"sval\":\"setval\"}";
  size_t calls = 0, harmless = 0;
  for (size_t at = text.find(kCall); at != text.npos; at = text.find(kCall, at + 1)) ++calls;
  for (size_t at = text.find(kSetval); at != text.npos; at = text.find(kSetval, at + 1)) ++harmless;
  return calls > harmless;
}

// Whether nothing is known about the effect of this statement, or about names after it.
bool IsOpaque(const std::string& node, const json& body, const std::string& text) {
  if (node == "SelectStmt") return body.contains("intoClause") || Calls(body);
  if (node == "DoStmt") {
    static constexpr std::string_view kWords[] = {"execute", "drop",   "rename",
                                                  "perform", "schema", "search_path"};
    return std::any_of(std::begin(kWords), std::end(kWords),
                       [&](std::string_view word) { return text.find(word) != std::string::npos; });
  }
  if (node == "VariableSetStmt") {
    const std::string name = TextAt(body, "name");
    return name == "search_path" || name == "role" || name == "session_authorization" ||
           TextAt(body, "kind") == "VAR_RESET_ALL";
  }
  if (node == "TransactionStmt") return TextAt(body, "kind").starts_with("TRANS_STMT_ROLLBACK");
  if (node == "CreateSchemaStmt") return !At(body, "schemaElts").empty();
  if (node == "RenameStmt") return TextAt(body, "renameType") == "OBJECT_SCHEMA";
  return node == "CallStmt" || node == "DropOwnedStmt" || node == "DiscardStmt";
}

// The pass of the server in which a part of ALTER TABLE runs.
size_t PassOf(const std::string& subtype) {
  if (subtype.starts_with("AT_Drop")) return 0;
  if (subtype == "AT_AlterColumnType") return 1;
  return subtype == "AT_AddColumn" ? 2 : 3;
}

class NeedReader {
 public:
  // False if reading has to end here.
  bool Read(const json& statement, std::string_view text, size_t script) {
    const std::string node = statement.begin().key();
    const json& body = statement.begin().value();
    std::string lower = ToLowerAscii(text);
    if (IsOpaque(node, body, lower)) return false;
    script_ = script;
    pass_ = 0;
    statement_ = found_.statements.size();
    found_.statements.push_back(std::move(lower));
    found_.scripts_of_statements.push_back(script);
    if (node == "DropStmt") {
      Drop(body);
    } else if (node == "RenameStmt") {
      Rename(body);
    } else if (node == "AlterObjectSchemaStmt") {
      Move(body);
    } else if (node == "AlterTableStmt") {
      AlterTable(body);
    } else if (!CreateRelation(node, body) && !CreateNamed(node, body)) {
      CreatePart(node, body);
    }
    return true;
  }

  void AddPartition(std::optional<NewPartition> made) {
    if (!made) return;
    const auto parent = Before({NameSpace::kRelation, made->parent.schema, {}, made->parent.name});
    if (!parent) return;
    made->parent = {parent->schema, parent->name};
    found_.partitions.push_back({*std::move(made), script_});
  }

  ScriptNeeds Take(bool complete) {
    found_.complete = complete;
    return std::move(found_);
  }

 private:
  enum class Fate { kMade, kGone, kRenamed };
  struct Entry {
    Fate fate;
    TrackedObject was = {};  // of kRenamed: its name before the first script
  };

  const Entry* EntryOf(const TrackedObject& object) const {
    const auto found = entries_.find(object.Key());
    return found == entries_.end() ? nullptr : &found->second;
  }

  // The object's name before the first script; nullopt if a script made it.
  std::optional<TrackedObject> Before(const TrackedObject& object) const {
    const Entry* entry = EntryOf(object);
    if (entry == nullptr) return object;
    if (entry->fate == Fate::kRenamed) return entry->was;
    return std::nullopt;
  }

  // Names the part by the table's name before the first script; nullopt if a script made it.
  std::optional<TrackedObject> PartOf(const json& range, NameSpace space,
                                      const std::string& name) const {
    const auto table = Before(RelationIn(range));
    if (!table || table->name.empty() || name.empty()) return std::nullopt;
    return TrackedObject{space, table->schema, table->name, name};
  }

  void Add(Kind kind, const TrackedObject& object, bool cascades = false, bool only = false) {
    found_.needs.push_back({kind,
                            object.space,
                            object.schema,
                            object.parent,
                            object.name,
                            object.arguments,
                            object.any_arguments,
                            cascades,
                            only,
                            {},
                            script_,
                            statement_,
                            pass_});
  }

  // OR REPLACE. What a script has made, dropped or renamed before is its own.
  void MakeOrReplace(const TrackedObject& object, std::string source = {}) {
    if (object.name.empty()) return;
    if (EntryOf(object) == nullptr) {
      Add(Kind::kReplace, object);
      found_.needs.back().source = std::move(source);
    }
    Make(object, false);
  }

  // `needed`: the statement fails if the name is taken.
  void Make(const TrackedObject& object, bool needed) {
    if (object.name.empty()) return;
    const bool unknown = EntryOf(object) == nullptr;
    if (needed && unknown) Add(Kind::kName, object);
    entries_[object.Key()] = {Fate::kMade};
  }

  void MakeRelation(TrackedObject object, bool needed, bool with_type) {
    Make(object, needed);
    object.space = NameSpace::kType;
    if (with_type) Make(object, needed);
  }

  void Remove(const TrackedObject& object, bool cascades, bool only = false) {
    if (object.name.empty()) return;
    const auto before = Before(object);
    const NameSpace space = object.space;
    const bool followed = space == NameSpace::kRelation || space == NameSpace::kType ||
                          space == NameSpace::kRoutine || space == NameSpace::kSchema ||
                          space == NameSpace::kExtension || IsPart(space);
    if (before && followed) Add(Kind::kDrop, *before, cascades, only);
    entries_[object.Key()] = {Fate::kGone};
  }

  void Drop(const json& body) {
    const std::string type = TextAt(body, "removeType");
    const std::optional<NameSpace> known = SpaceOf(type);
    const bool cascades = TextAt(body, "behavior") == "DROP_CASCADE";
    if (!known) return;
    const NameSpace space = *known;
    for (const json& item : At(body, "objects")) {
      std::vector<std::string> parts = NamePartsIn(item);
      if (IsPart(space)) {
        if (parts.size() < 2) continue;
        json range = {{"relname", parts[parts.size() - 2]}};
        if (parts.size() > 2) range["schemaname"] = parts[parts.size() - 3];
        if (const auto part = PartOf(range, space, parts.back())) Remove(*part, cascades);
        continue;
      }
      TrackedObject object = Named(space, std::move(parts));
      const json& routine = At(item, "ObjectWithArgs");
      object.arguments = TypesOf(At(routine, "objargs"));
      object.any_arguments = routine.contains("args_unspecified");
      Remove(object, cascades);
      if (space != NameSpace::kRelation || !HasRowType(type)) continue;
      object.space = NameSpace::kType;
      entries_[object.Key()] = {Fate::kGone};
    }
  }

  void Follow(const TrackedObject& from, const TrackedObject& to) {
    const auto before = Before(from);
    Make(to, true);
    entries_[from.Key()] = {Fate::kGone};
    if (before) entries_[to.Key()] = {Fate::kRenamed, *before};
  }

  void Change(Kind kind, const TrackedObject& from, const TrackedObject& to) {
    if (const auto before = Before(from)) Add(kind, *before);
    Follow(from, to);
  }

  void ChangeRelation(Kind kind, TrackedObject from, TrackedObject to, const std::string& type) {
    Change(kind, from, to);
    if (!HasRowType(type)) return;
    from.space = to.space = NameSpace::kType;
    Follow(from, to);
  }

  void Rename(const json& body) {
    const std::string type = TextAt(body, "renameType");
    const std::optional<NameSpace> known = SpaceOf(type);
    const std::string fresh = TextAt(body, "newname");
    const json& range = At(body, "relation");
    if (!known) return;
    const NameSpace space = *known;
    if (IsPart(space)) {
      const auto part = PartOf(range, space, TextAt(body, "subname"));
      if (!part) return;
      TrackedObject renamed = *part;
      renamed.name = fresh;
      Change(Kind::kRename, *part, renamed);
      return;
    }
    TrackedObject from =
        range.empty() ? Named(space, NamePartsIn(At(body, "object"))) : RelationIn(range);
    if (from.name.empty()) return;
    TrackedObject to = from;
    to.name = fresh;
    ChangeObject(Kind::kRename, from, to, body, type);
  }

  void ChangeObject(Kind kind, TrackedObject from, TrackedObject to, const json& body,
                    const std::string& type) {
    const json& routine = At(At(body, "object"), "ObjectWithArgs");
    from.arguments = to.arguments = TypesOf(At(routine, "objargs"));
    if (routine.contains("args_unspecified")) {
      from.any_arguments = true;
      Add(kind, from);
    } else if (from.space == NameSpace::kRelation) {
      ChangeRelation(kind, from, to, type);
    } else {
      Change(kind, from, to);
    }
  }

  void Move(const json& body) {
    const std::string type = TextAt(body, "objectType");
    const std::optional<NameSpace> known = SpaceOf(type);
    const json& range = At(body, "relation");
    if (!known || *known == NameSpace::kExtension) return;
    const NameSpace space = *known;
    TrackedObject from =
        range.empty() ? Named(space, NamePartsIn(At(body, "object"))) : RelationIn(range);
    if (from.name.empty()) return;
    TrackedObject to = from;
    to.schema = TextAt(body, "newschema");
    ChangeObject(Kind::kMove, from, to, body, type);
  }

  // The index of a primary key, a unique or an exclusion constraint has its name. USING INDEX
  // renames the index.
  void MakeConstraint(const json& range, const json& constraint, bool of_new_table) {
    const std::string type = TextAt(constraint, "contype");
    const std::string name = TextAt(constraint, "conname");
    const std::string index = TextAt(constraint, "indexname");
    if (name.empty() || name == index) return;
    if (!index.empty()) {
      const std::string schema = TextAt(range, "schemaname");
      Change(Kind::kRename, {NameSpace::kRelation, schema, {}, index},
             {NameSpace::kRelation, schema, {}, name});
      return;
    }
    if (type == "CONSTR_PRIMARY" || type == "CONSTR_UNIQUE" || type == "CONSTR_EXCLUSION") {
      Make({NameSpace::kRelation, TextAt(range, "schemaname"), {}, name}, true);
    }
    if (of_new_table) return;
    if (const auto part = PartOf(range, NameSpace::kConstraint, name)) Make(*part, true);
  }

  void AlterTable(const json& body) {
    std::vector<const json*> commands;
    for (const json& item : At(body, "cmds")) commands.push_back(&At(item, "AlterTableCmd"));
    std::stable_sort(commands.begin(), commands.end(), [](const json* a, const json* b) {
      return PassOf(TextAt(*a, "subtype")) < PassOf(TextAt(*b, "subtype"));
    });
    for (const json* command : commands) AlterTablePart(At(body, "relation"), *command);
  }

  void AlterTablePart(const json& range, const json& command) {
    const std::string type = TextAt(command, "subtype");
    const json& definition = At(command, "def");
    pass_ = PassOf(type);
    if (type == "AT_AddColumn") {
      const json& column = At(definition, "ColumnDef");
      const auto part = PartOf(range, NameSpace::kColumn, TextAt(column, "colname"));
      const bool needed = !command.contains("missing_ok");
      if (part) Make(*part, needed);
      MakeConstraintsOf(range, column, needed);
    } else if (type == "AT_AddConstraint") {
      MakeConstraint(range, At(definition, "Constraint"), false);
    } else {
      AlterPart(range, type, TextAt(command, "name"),
                TextAt(command, "behavior") == "DROP_CASCADE");
    }
  }

  // Drops or changes a column, or drops a constraint.
  void AlterPart(const json& range, const std::string& type, const std::string& name,
                 bool cascades) {
    const bool only = !range.contains("inh");
    const auto part = PartOf(
        range, type == "AT_DropConstraint" ? NameSpace::kConstraint : NameSpace::kColumn, name);
    if (!part) return;
    if (type == "AT_DropColumn" || type == "AT_DropConstraint") {
      Remove(*part, cascades, only);
      return;
    }
    const auto before = Before(*part);
    if (!before) return;
    if (type == "AT_AlterColumnType") {
      Add(Kind::kRetype, *before, false, only);
    } else if (type == "AT_ColumnDefault" || type == "AT_DropExpression" ||
               type == "AT_SetExpression") {
      Add(Kind::kDefault, *before, false, only);
    } else if (type == "AT_DropIdentity") {
      Add(Kind::kIdentity, *before, false, only);
    }
  }

  void MakeConstraintsOf(const json& range, const json& column, bool needed) {
    if (!needed) return;
    for (const json& item : At(column, "constraints")) {
      MakeConstraint(range, At(item, "Constraint"), true);
    }
  }

  void MakeTable(const json& body) {
    const json& range = At(body, "relation");
    const bool temporary = TextAt(range, "relpersistence") == "t";
    const bool needed = !body.contains("if_not_exists") && !temporary;
    MakeRelation(RelationIn(range), needed, true);
    if (temporary) temporary_.insert(RelationIn(range).Key());
    for (const json& item : At(body, "tableElts")) {
      if (needed) MakeConstraint(range, At(item, "Constraint"), true);
      MakeConstraintsOf(range, At(item, "ColumnDef"), needed);
    }
  }

  bool CreateRelation(const std::string& node, const json& body) {
    const bool needed = !body.contains("if_not_exists") && !body.contains("replace");
    if (node == "CreateStmt") {
      MakeTable(body);
    } else if (node == "CreateForeignTableStmt") {
      MakeTable(At(body, "base"));
    } else if (node == "ViewStmt") {
      const json& range = At(body, "view");
      const bool replaces = body.contains("replace") && TextAt(range, "relpersistence") != "t";
      if (replaces) MakeOrReplace(RelationIn(range));
      MakeRelation(RelationIn(range), needed && TextAt(range, "relpersistence") != "t", true);
    } else if (node == "CreateTableAsStmt") {
      const json& range = At(At(body, "into"), "rel");
      MakeRelation(RelationIn(range), needed && TextAt(range, "relpersistence") != "t", true);
    } else if (node == "CreateSeqStmt") {
      const json& range = At(body, "sequence");
      Make(RelationIn(range), needed && TextAt(range, "relpersistence") != "t");
    } else if (node == "IndexStmt") {
      const json& range = At(body, "relation");
      Make({NameSpace::kRelation, TextAt(range, "schemaname"), {}, TextAt(body, "idxname")},
           needed && !temporary_.contains(RelationIn(range).Key()));
    } else if (node == "CompositeTypeStmt") {
      MakeRelation(RelationIn(At(body, "typevar")), needed, true);
    } else {
      return false;
    }
    return true;
  }

  bool CreateNamed(const std::string& node, const json& body) {
    const bool needed = !body.contains("if_not_exists") && !body.contains("replace");
    const auto global = [&](NameSpace space, const char* key) {
      Make({space, {}, {}, TextAt(body, key)}, needed);
    };
    if (node == "CreateEnumStmt" || node == "CreateRangeStmt") {
      Make(Named(NameSpace::kType, NamePartsIn(At(body, "typeName"))), needed);
    } else if (node == "CreateDomainStmt") {
      Make(Named(NameSpace::kType, NamePartsIn(At(body, "domainname"))), needed);
    } else if (node == "CreateFunctionStmt") {
      TrackedObject routine = Named(NameSpace::kRoutine, NamePartsIn(At(body, "funcname")));
      routine.arguments = TypesOf(At(body, "parameters"));
      needed ? Make(routine, true) : MakeOrReplace(routine, SourceIn(body));
    } else if (node == "DefineStmt") {
      Define(body, needed);
    } else if (node == "CreateStatsStmt") {
      Make(Named(NameSpace::kStatistics, NamePartsIn(At(body, "defnames"))), needed);
    } else if (node == "CreateSchemaStmt") {
      global(NameSpace::kSchema, "schemaname");
    } else if (node == "CreateExtensionStmt") {
      global(NameSpace::kExtension, "extname");
    } else if (node == "CreatePublicationStmt") {
      global(NameSpace::kPublication, "pubname");
    } else if (node == "CreateEventTrigStmt") {
      global(NameSpace::kEventTrigger, "trigname");
    } else if (node == "CreateForeignServerStmt") {
      global(NameSpace::kServer, "servername");
    } else {
      return false;
    }
    return true;
  }

  void Define(const json& body, bool needed) {
    const std::string kind = TextAt(body, "kind");
    const std::vector<std::string> parts = NamePartsIn(At(body, "defnames"));
    if (kind == "OBJECT_COLLATION") Make(Named(NameSpace::kCollation, parts), needed);
    if (kind != "OBJECT_AGGREGATE") return;
    TrackedObject routine = Named(NameSpace::kRoutine, parts);
    const json& arguments = At(body, "args");
    if (arguments.is_array() && !arguments.empty()) {
      routine.arguments = TypesOf(At(At(arguments.front(), "List"), "items"));
    }
    needed ? Make(routine, true) : MakeOrReplace(routine);
  }

  void CreatePart(const std::string& node, const json& body) {
    const bool needed = !body.contains("replace");
    if (node == "CreateTrigStmt") {
      const auto part = PartOf(At(body, "relation"), NameSpace::kTrigger, TextAt(body, "trigname"));
      if (part) needed ? Make(*part, true) : MakeOrReplace(*part);
    } else if (node == "CreatePolicyStmt") {
      const auto part = PartOf(At(body, "table"), NameSpace::kPolicy, TextAt(body, "policy_name"));
      if (part) Make(*part, true);
    } else if (node == "AlterEnumStmt") {
      const auto type = Before(Named(NameSpace::kType, NamePartsIn(At(body, "typeName"))));
      const std::string name = TextAt(body, "newVal");
      if (!type) return;
      const TrackedObject value = {NameSpace::kEnumValue, type->schema, type->name, name};
      TrackedObject old = value;
      old.name = TextAt(body, "oldVal");
      old.name.empty() ? Make(value, !body.contains("skipIfNewValExists"))
                       : Change(Kind::kRename, old, value);
    }
  }

  ScriptNeeds found_;
  std::map<Key, Entry> entries_;
  std::set<Key> temporary_;  // tables
  size_t script_ = 0;
  size_t statement_ = 0;
  size_t pass_ = 0;
};

// False if reading has to end in this script.
bool ReadScript(std::string_view script, size_t number, NeedReader& reader) {
  const std::optional<json> tree = ParseTreeOf(script);
  if (!tree) return false;
  for (const json& item : At(*tree, "stmts")) {
    const json& statement = At(item, "stmt");
    if (statement.empty()) continue;
    const auto place = [&](const char* key) {
      const auto found = item.find(key);
      return found == item.end() ? size_t{0} : found->get<size_t>();
    };
    const size_t begin = std::min(place("stmt_location"), script.size());
    const size_t length = place("stmt_len");
    const std::string_view text = length == 0 ? script.substr(begin) : script.substr(begin, length);
    if (!reader.Read(statement, text, number)) return false;
    reader.AddPartition(NewPartitionIn(statement, script));
  }
  return true;
}

}  // namespace

ScriptNeeds NeedsOf(const std::vector<std::string_view>& scripts) {
  NeedReader reader;
  bool complete = true;
  for (size_t i = 0; i < scripts.size() && complete; ++i) {
    complete = ReadScript(scripts[i], i, reader);
  }
  return reader.Take(complete);
}

}  // namespace ballast::sql
