// SPDX-License-Identifier: Apache-2.0
// A resolved schema: references between its elements, and their names in the database. Everything
// keeps its position in the source.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "prisma/datasource.h"
#include "prisma/keys.h"
#include "prisma/syntax.h"

namespace ballast::prisma {

enum class ScalarType {
  kInt,
  kBigInt,
  kFloat,
  kBoolean,
  kString,
  kDateTime,
  kJson,
  kBytes,
  kDecimal
};
std::optional<ScalarType> ScalarTypeNamed(std::string_view name);
std::string_view NameOf(ScalarType type);

enum class ReferentialAction { kCascade, kRestrict, kNoAction, kSetNull, kSetDefault };
std::string_view NameOf(ReferentialAction action);

enum class FieldKind { kUnresolved, kScalar, kEnum, kUnsupported, kComposite, kRelation };

struct ActionChoice {
  ReferentialAction action = ReferentialAction::kNoAction;
  Span span;
};

// The content of @relation; empty where not specified.
struct RelationSide {
  std::optional<std::vector<Ref>> fields;      // of this model
  std::optional<std::vector<Ref>> references;  // of the other
  std::optional<std::string> name;
  std::optional<std::string> mapped_name;  // of the foreign key
  std::optional<ActionChoice> on_delete;
  std::optional<ActionChoice> on_update;
};

struct Field {
  Identifier name;
  std::string type_name;  // as written; for Unsupported the text in the quotes
  Span type_span;
  bool unsupported = false;
  Arity arity = Arity::kRequired;
  std::vector<Attribute> attributes;
  Span span;

  FieldKind kind = FieldKind::kUnresolved;
  ScalarType scalar = ScalarType::kInt;  // of kScalar
  Ref target = 0;                        // the enum of kEnum, the model of kRelation and kComposite
  Ref side = 0;                          // of kRelation: index in Datamodel::sides
  bool ignored = false;
  bool updated_at = false;
  bool default_named = false;  // @default(…, map: …)
  std::optional<std::string> mapped_name;
  std::optional<size_t> native_attribute;                     // @db.X
  std::optional<std::pair<size_t, size_t>> default_argument;  // attribute and argument

  bool IsColumn() const { return kind != FieldKind::kRelation && kind != FieldKind::kUnresolved; }
  bool IsScalar(ScalarType type) const { return kind == FieldKind::kScalar && scalar == type; }
  bool IsList() const { return arity == Arity::kList; }
  const std::string& DatabaseName() const { return mapped_name ? *mapped_name : name.text; }
  const Attribute* Find(std::string_view attribute) const;  // the first of that name, or null
  const Value* DefaultValue() const;                        // null if there is none
};

enum class ModelKind { kModel, kView, kCompositeType };

struct Model {
  ModelKind kind = ModelKind::kModel;
  Identifier name;
  std::vector<Field> fields;
  std::vector<Attribute> attributes;
  Span span;

  std::optional<std::string> mapped_name;
  std::optional<Identifier> schema;  // @@schema, with its position
  bool ignored = false;
  std::optional<PrimaryKey> primary_key;
  std::vector<Index> indexes;  // in the order in which Prisma creates them

  bool IsView() const { return kind == ModelKind::kView; }
  std::string_view Container() const { return IsView() ? "view" : "model"; }
  const std::string& DatabaseName() const { return mapped_name ? *mapped_name : name.text; }
  const Attribute& At(const AttributeRef& ref) const;
};

struct Enum {
  Identifier name;
  std::vector<EnumValue> values;
  std::vector<Attribute> attributes;
  Span span;
  std::optional<std::string> mapped_name;
  std::optional<Identifier> schema;

  const std::string& DatabaseName() const { return mapped_name ? *mapped_name : name.text; }
  const EnumValue* Find(std::string_view value) const;
};

enum class RelationKind { kOneToOne, kOneToMany, kManyToMany };

// Model a has the foreign key; in many-to-many relations, it is that of the column "A".
struct Relation {
  RelationKind kind = RelationKind::kOneToMany;
  Ref model_a = 0;
  Ref model_b = 0;
  std::optional<Ref> field_a;  // of model a: the forward side
  std::optional<Ref> field_b;
  bool embedded = false;  // many-to-many with `fields`, as in document databases
  std::optional<std::string> name;
};

enum class DeclarationKind { kModel, kEnum, kDatasource, kGenerator };
struct Declaration {
  DeclarationKind kind = DeclarationKind::kModel;
  Ref index = 0;  // index in the vector of its kind
};

struct Datamodel {
  std::vector<Declaration> declarations;  // all blocks, in file order
  std::vector<Model> models;              // including views and composite types
  std::vector<Enum> enums;
  std::vector<ConfigBlock> datasource_blocks;
  std::vector<ConfigBlock> generator_blocks;
  std::vector<RelationSide> sides;
  std::vector<Datasource> datasources;
  std::vector<Generator> generators;
  std::vector<Relation> relations;

  const Datasource* datasource() const { return datasources.empty() ? nullptr : &datasources[0]; }
  bool HasPreviewFeature(std::string_view feature) const;
  const RelationSide& SideOf(const Field& field) const { return sides[field.side]; }
};

}  // namespace ballast::prisma
