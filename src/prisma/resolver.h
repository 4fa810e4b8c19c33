// SPDX-License-Identifier: Apache-2.0
// Resolves blocks: types of fields, attributes, and relations (prisma-engines psl/parser-database).
// Each pass continues after errors of earlier ones.
#pragma once

#include "prisma/attribute_reader.h"
#include "prisma/datamodel.h"
#include "prisma/diagnostic.h"
#include "prisma/names.h"

namespace ballast::prisma {

class Resolver {
 public:
  // Whether indexes may have a `where`; since Prisma 7.
  enum class PartialIndexes { kRefused, kYes };

  Resolver(Datamodel& datamodel, const Names& names, PartialIndexes partial,
           Diagnostics& diagnostics)
      : datamodel_(datamodel), names_(names), partial_(partial), diagnostics_(diagnostics) {}

  void ResolveTypes();
  void ResolveAttributes();

 private:
  // resolver.cc
  void ResolveFieldType(const Model& model, Field& field);
  void ResolveEnum(Enum& block);
  void ResolveComposite(Model& type);
  std::optional<std::string> TakeMap(AttributeReader& reader);
  std::optional<Identifier> TakeSchema(AttributeReader& reader);

  // resolver_columns.cc
  void ResolveColumn(Ref model, Ref field);
  void ResolveMap(Ref model, Ref field, AttributeReader& reader);
  void ResolveUpdatedAt(Field& field, AttributeReader& reader);
  void ResolveFieldUnique(Ref model, Ref field, AttributeReader& reader);
  void ResolveFieldId(Model& model, Ref field, AttributeReader& reader);
  std::optional<SortOrder> TakeSort(AttributeReader& reader);
  std::optional<int64_t> TakeLength(AttributeReader& reader);

  // resolver_relation_fields.cc
  void ResolveRelationField(Ref model, Ref field);
  void ResolveRelation(Ref model, const Field& field, AttributeReader& reader);
  std::optional<std::vector<Ref>> TakeRelationFields(Ref model, const Value& value,
                                                     const Attribute& attribute, bool references);

  // resolver_models.cc
  void ResolveModel(Ref model);
  void ResolveIgnore(Model& model, AttributeReader& reader);
  void ResolveId(Ref model, AttributeReader& reader);
  void ResolveIndex(Ref model, IndexKind kind, AttributeReader& reader);
  void ResolveIndexName(Index& index, AttributeReader& reader);
  void ResolveWhere(Ref model, Index& index, AttributeReader& reader);
  void CheckClientName(std::string_view name, std::string_view attribute, const Model& model,
                       Span span);
  void CheckIdArity(const Model& model);

  Datamodel& datamodel_;
  const Names& names_;
  PartialIndexes partial_;
  Diagnostics& diagnostics_;
  std::unordered_map<std::string, Ref> mapped_;  // @map names of the current model
};

// resolver_default.cc: validates @default on this field. Returns the accepted argument.
void ResolveDefault(Field& field, const Names& names, AttributeReader& reader,
                    Diagnostics& diagnostics);

// resolver_key_fields.cc: the names in a list of fields.
struct KeyFields {
  std::vector<KeyField> fields;      // complete only if the members below are empty
  std::vector<std::string> unknown;  // no field has this name
  std::vector<Ref> relations;        // fields that are not columns
  bool reported = false;             // another error was found and reported
};
struct FieldListContext {
  const Datamodel& datamodel;
  const Names& names;
  Ref model;
  Span attribute;  // for error messages
};
// kInside: a.b means field b of the composite type of a, as in document databases.
enum class DottedNames { kInside, kUnknown };
KeyFields ResolveKeyFields(const Value& value, const FieldListContext& context, DottedNames dots,
                           Diagnostics& diagnostics);
KeyFields ResolvePlainFields(const Value& value, const FieldListContext& context,
                             Diagnostics& diagnostics);

// resolver_relations.cc: pairs the relation fields.
void InferRelations(Datamodel& datamodel);

}  // namespace ballast::prisma
