// SPDX-License-Identifier: Apache-2.0
#include "catalog/from_datamodel.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "catalog/column_from_field.h"
#include "catalog/render_ddl.h"
#include "prisma/constraint_names.h"
#include "prisma/operator_classes.h"

namespace ballast::catalog {
namespace {

using prisma::Compat;
using prisma::ReferentialAction;

std::string_view SqlOf(ReferentialAction action) {
  switch (action) {
    case ReferentialAction::kCascade:
      return "CASCADE";
    case ReferentialAction::kRestrict:
      return "RESTRICT";
    case ReferentialAction::kNoAction:
      return "NO ACTION";
    case ReferentialAction::kSetNull:
      return "SET NULL";
    case ReferentialAction::kSetDefault:
      return "SET DEFAULT";
  }
  return "";
}

std::string_view SqlOf(prisma::IndexAlgorithm algorithm) {
  switch (algorithm) {
    case prisma::IndexAlgorithm::kBTree:
      return "";
    case prisma::IndexAlgorithm::kHash:
      return "HASH";
    case prisma::IndexAlgorithm::kGist:
      return "GIST";
    case prisma::IndexAlgorithm::kGin:
      return "GIN";
    case prisma::IndexAlgorithm::kSpGist:
      return "SPGIST";
    case prisma::IndexAlgorithm::kBrin:
      return "BRIN";
  }
  return "";
}

std::string OperatorClassSql(const prisma::OperatorClass& operator_class) {
  if (operator_class.raw) return operator_class.name;
  const auto snapshot = prisma::FindOperatorClass(operator_class.name);
  return snapshot ? prisma::SqlNameOf(*snapshot) : std::string();
}

// Prisma 7 does not qualify objects in public.
Name NameIn(const std::optional<prisma::Identifier>& schema, std::string name, Compat compat) {
  if (!schema || (compat == Compat::kPrisma7 && schema->text == "public")) return {"", name};
  return {schema->text, std::move(name)};
}

// Prisma does not double embedded quotes.
std::string EnumTypeSql(const Name& name) {
  const std::string bare = "\"" + name.name + "\"";
  return name.schema.empty() ? bare : "\"" + name.schema + "\"." + bare;
}

std::string EnumType(const prisma::Enum& block) {
  return EnumTypeSql(NameIn(block.schema, block.DatabaseName(), Compat::kPrisma6));
}

std::string EnumType7(const prisma::Enum& block) {
  return EnumTypeSql(NameIn(block.schema, block.DatabaseName(), Compat::kPrisma7));
}

class Builder {
 public:
  Builder(const prisma::Datamodel& datamodel, Compat compat)
      : datamodel_(datamodel),
        compat_(compat),
        columns_(datamodel, compat == Compat::kPrisma7 ? EnumType7 : EnumType) {}

  SchemaObjects Build() {
    AddExtensions();
    for (const prisma::Enum& block : datamodel_.enums) AddEnum(block);
    for (const prisma::Model& model : datamodel_.models) {
      if (!model.IsView()) AddTable(model);
    }
    for (const prisma::Relation& relation : datamodel_.relations) {
      if (relation.kind != prisma::RelationKind::kManyToMany) AddForeignKey(relation);
    }
    for (const prisma::Relation& relation : datamodel_.relations) {
      if (relation.kind == prisma::RelationKind::kManyToMany) AddJoinTable(relation);
    }
    AddSchemas();
    return std::move(objects_);
  }

 private:
  const prisma::Model& ModelAt(prisma::Ref ref) const { return datamodel_.models[ref]; }

  Name TableName(const prisma::Model& model) const {
    return NameIn(model.schema, model.DatabaseName(), compat_);
  }

  bool HasForeignKeys() const {
    return datamodel_.datasource()->relation_mode == prisma::RelationMode::kForeignKeys;
  }

  void AddExtensions() {
    for (const prisma::ExtensionSetting& setting : datamodel_.datasource()->extensions) {
      objects_.extensions.push_back({setting.mapped_name.value_or(setting.name),
                                     setting.schema.value_or(""), setting.version.value_or("")});
    }
  }

  // Only schemas with objects; Prisma 7 also creates public.
  void AddSchemas() {
    std::set<std::string> used;
    for (const prisma::Enum& block : datamodel_.enums) {
      if (block.schema) used.insert(block.schema->text);
    }
    for (const prisma::Model& model : datamodel_.models) {
      if (!model.IsView() && model.schema) used.insert(model.schema->text);
    }
    const bool empty = objects_.enums.empty() && objects_.tables.empty();
    const bool said = datamodel_.datasource()->schemas_span.has_value();
    if (compat_ == Compat::kPrisma7 && !empty && !said) used.insert("public");
    for (const std::string& name : used) objects_.schemas.push_back({name});
  }

  void AddEnum(const prisma::Enum& block) {
    Enum value{NameIn(block.schema, block.DatabaseName(), compat_), {}};
    for (const prisma::EnumValue& label : block.values) {
      value.values.push_back(label.DatabaseName());
    }
    objects_.enums.push_back(std::move(value));
  }

  void AddTable(const prisma::Model& model) {
    Table table;
    table.name = TableName(model);
    for (const prisma::Field& field : model.fields) {
      if (field.IsColumn()) table.columns.push_back(columns_.Make(field));
    }
    if (model.primary_key) {
      table.primary_key = {prisma::PrimaryKeyName(model), {}};
      for (const prisma::KeyField& key : model.primary_key->fields) {
        table.primary_key->columns.push_back(model.fields[key.field].DatabaseName());
      }
    }
    objects_.tables.push_back(std::move(table));
    for (const prisma::Index& index : model.indexes) AddIndex(model, index);
  }

  void AddIndex(const prisma::Model& model, const prisma::Index& index) {
    Index value;
    value.name = prisma::IndexName(model, index);
    value.table = TableName(model);
    value.unique = index.IsUnique();
    if (index.algorithm) value.method = SqlOf(*index.algorithm);
    for (const prisma::KeyField& key : index.fields) {
      IndexKey part;
      part.column = model.fields[key.field].DatabaseName();
      if (key.operator_class) part.operator_class = OperatorClassSql(*key.operator_class);
      if (key.sort) part.order = *key.sort == prisma::SortOrder::kDescending ? "DESC" : "ASC";
      value.keys.push_back(std::move(part));
    }
    if (index.where) value.predicate = Predicate(model, *index.where);
    objects_.indexes.push_back(std::move(value));
  }

  // What follows WHERE: ("a" IS NULL AND "b" != false).
  std::string Predicate(const prisma::Model& model, const prisma::Value& where) const {
    if (where.Is(prisma::ValueKind::kFunction)) return "(" + where.arguments[0].value.text + ")";
    std::string text;
    for (const prisma::Argument& member : where.arguments) {
      const bool negated = member.value.Is(prisma::ValueKind::kObject);
      const prisma::Value& value = negated ? member.value.arguments[0].value : member.value;
      const auto field =
          std::find_if(model.fields.begin(), model.fields.end(),
                       [&](const prisma::Field& f) { return f.name.text == member.name->text; });
      const bool null = value.Is(prisma::ValueKind::kConstant) && value.text == "null";
      text += (text.empty() ? "\"" : " AND \"") + field->DatabaseName() + "\"";
      if (null) {
        text += negated ? " IS NOT NULL" : " IS NULL";
      } else {
        text += (negated ? " != " : " = ") + columns_.Literal(*field, value);
      }
    }
    return "(" + text + ")";
  }

  // RESTRICT if the reference is required, else SET NULL.
  static ReferentialAction DefaultOnDelete(const prisma::Model& model, const prisma::Field& field,
                                           const std::vector<prisma::Ref>& columns) {
    bool required = field.arity == prisma::Arity::kRequired;
    for (const prisma::Ref column : columns) {
      required |= model.fields[column].arity == prisma::Arity::kRequired;
    }
    return required ? ReferentialAction::kRestrict : ReferentialAction::kSetNull;
  }

  void AddForeignKey(const prisma::Relation& relation) {
    const prisma::Model& model = ModelAt(relation.model_a);
    const prisma::Model& other = ModelAt(relation.model_b);
    if (!HasForeignKeys() || !relation.field_a || model.IsView() || other.IsView()) return;
    const prisma::Field& field = model.fields[*relation.field_a];
    const prisma::RelationSide& side = datamodel_.SideOf(field);
    if (!side.fields || !side.references) return;
    ForeignKey key;
    key.name = prisma::ForeignKeyName(datamodel_, relation);
    key.table = TableName(model);
    key.referenced_table = TableName(other);
    for (const prisma::Ref column : *side.fields) {
      key.columns.push_back(model.fields[column].DatabaseName());
    }
    for (const prisma::Ref column : *side.references) {
      key.referenced_columns.push_back(other.fields[column].DatabaseName());
    }
    key.on_delete = SqlOf(side.on_delete ? side.on_delete->action
                                         : DefaultOnDelete(model, field, *side.fields));
    key.on_update = SqlOf(side.on_update ? side.on_update->action : ReferentialAction::kCascade);
    objects_.foreign_keys.push_back(std::move(key));
  }

  void AddJoinTable(const prisma::Relation& relation) {
    const prisma::Model& a = ModelAt(relation.model_a);
    const prisma::Model& b = ModelAt(relation.model_b);
    const std::string full = "_" + relation.name.value_or(a.name.text + "To" + b.name.text);
    const std::string name(CutToCharacters(full, prisma::kMaxNameBytes));
    Table table;
    table.name = NameIn(a.schema, name, compat_);
    table.columns.push_back(JoinColumn("A", a));
    table.columns.push_back(JoinColumn("B", b));
    if (compat_ == Compat::kPrisma5) {
      AddJoinIndex(table.name, std::string(CutToCharacters(name, 53)) + "_AB_unique", {"A", "B"});
    } else {
      table.primary_key = {std::string(CutToCharacters(name, 55)) + "_AB_pkey", {"A", "B"}};
    }
    AddJoinIndex(table.name, std::string(CutToCharacters(name, 55)) + "_B_index", {"B"});
    if (HasForeignKeys()) {
      AddJoinKey(table.name, "A", a);
      AddJoinKey(table.name, "B", b);
    }
    objects_.tables.push_back(std::move(table));
  }

  static const prisma::Field& IdOf(const prisma::Model& model) {
    return model.fields[model.primary_key->fields[0].field];
  }

  Column JoinColumn(std::string name, const prisma::Model& model) const {
    Column column;
    column.name = std::move(name);
    column.type = columns_.TypeOfReference(IdOf(model));
    column.not_null = true;
    return column;
  }

  void AddJoinIndex(const Name& table, std::string name, const std::vector<std::string>& columns) {
    Index index;
    index.name = std::move(name);
    index.table = table;
    index.unique = columns.size() > 1;
    for (const std::string& column : columns) {
      index.keys.emplace_back();
      index.keys.back().column = column;
    }
    objects_.indexes.push_back(std::move(index));
  }

  void AddJoinKey(const Name& table, const std::string& column, const prisma::Model& model) {
    constexpr size_t kStem = prisma::kMaxNameBytes - std::string_view("_A_fkey").size();
    ForeignKey key;
    key.name = std::string(CutToBytes(table.name, kStem)) + "_" + column + "_fkey";
    key.table = table;
    key.columns = {column};
    key.referenced_table = TableName(model);
    key.referenced_columns = {IdOf(model).DatabaseName()};
    key.on_delete = "CASCADE";
    key.on_update = "CASCADE";
    objects_.foreign_keys.push_back(std::move(key));
  }

  const prisma::Datamodel& datamodel_;
  Compat compat_;
  ColumnMaker columns_;
  SchemaObjects objects_;
};

}  // namespace

SchemaObjects FromDatamodel(const prisma::Datamodel& datamodel, Compat compat) {
  return Builder(datamodel, compat).Build();
}

std::vector<SchemaStep> SchemaSteps(const prisma::Datamodel& datamodel, Compat compat) {
  const SchemaObjects objects = FromDatamodel(datamodel, compat);
  std::vector<SchemaStep> steps;
  const auto add = [&](const char* title, std::string statement, Name table = {}) {
    steps.push_back({{title, std::move(statement)}, std::move(table)});
  };
  for (const Schema& schema : objects.schemas) add("CreateSchema", RenderCreateSchema(schema));
  for (const Extension& extension : objects.extensions) {
    add("CreateExtension", RenderCreateExtension(extension));
  }
  for (const Enum& value : objects.enums) {
    add("CreateEnum", RenderCreateEnum(value, Quoting::kPrisma));
  }
  for (const Table& table : objects.tables) {
    add("CreateTable", RenderCreateTable(table, Quoting::kPrisma), table.name);
  }
  for (const Index& index : objects.indexes) {
    add("CreateIndex", RenderCreateIndex(index, Quoting::kPrisma));
  }
  for (const ForeignKey& key : objects.foreign_keys) {
    add("AddForeignKey", RenderAddForeignKey(key, Quoting::kPrisma));
  }
  return steps;
}

std::string RenderSchemaSql(const prisma::Datamodel& datamodel, Compat compat) {
  std::vector<ScriptStep> steps;
  for (SchemaStep& step : SchemaSteps(datamodel, compat)) steps.push_back(std::move(step.step));
  if (steps.empty()) return "-- This is an empty migration.\n";
  return RenderScript(steps);
}

}  // namespace ballast::catalog
