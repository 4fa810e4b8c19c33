// SPDX-License-Identifier: Apache-2.0
// Validates a resolved schema as a whole and for PostgreSQL (prisma-engines
// psl/psl-core/src/validate/validation_pipeline and
// builtin_connectors/postgres_datamodel_connector). The checks are in Prisma's order, because it
// determines the order of the messages.
#pragma once

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "prisma/datamodel.h"
#include "prisma/diagnostic.h"
#include "prisma/names.h"
#include "prisma/relation_fields.h"

namespace ballast::prisma {

// Counts the uses of names that must be unique.
class ConstraintNames {
 public:
  explicit ConstraintNames(const Datamodel& datamodel);

  // Among primary keys, unique constraints and indexes of one database schema.
  bool TakenInSchema(const Model& model, const std::string& name) const;
  // Among these and foreign keys of one model.
  bool TakenInModel(Ref model, const std::string& name) const;
  // Among client names of one model.
  bool TakenForClient(Ref model, const std::string& name) const;
  bool IsClientNameOfUnique(Ref model, const std::string& name) const;

 private:
  using Counts = std::unordered_map<std::string, int>;
  void Add(Ref model, const std::string& name);

  Counts in_schema_;
  Counts in_model_;
  Counts for_client_;
  std::unordered_set<std::string> of_uniques_;
};

// The sets of fields that identify a row: ids and unique constraints, in any order.
class UniqueCriteria {
 public:
  explicit UniqueCriteria(const Datamodel& datamodel);
  bool Contains(Ref model, std::vector<Ref> fields) const;

 private:
  std::unordered_set<std::string> known_;
};

// Whether views may have @id and @@id.
enum class ViewKeys { kYes, kRefused };

struct Validator {
  const Datamodel& datamodel;
  const Datasource& datasource;
  const Names& fields;
  const ConstraintNames& names;
  const UniqueCriteria& unique_criteria;
  const RelationFields& relation_fields;
  // Relations with a foreign key and both sides, by the model that holds the key.
  const std::vector<std::vector<const Relation*>>& relations_from;
  // Remaining steps of the search for cycles; a schema that needs more passes.
  size_t& cycle_steps;
  ViewKeys view_keys;
  Diagnostics& diagnostics;

  const Model& ModelAt(Ref ref) const { return datamodel.models[ref]; }
  std::vector<Ref> ModelsThenViews() const;
  bool HasColumn(Ref model, const std::string& name) const;
  // Reports an explicit constraint name that is too long.
  void CheckNameLength(const Model& model, const Attribute& attribute, std::string_view name,
                       std::string_view at_signs) const;
  void NameTaken(const std::string& name, std::string_view where, std::string_view attribute,
                 Span span) const;
};

// Runs all checks in order and adds their diagnostics.
void Validate(const Datamodel& datamodel, const Names& names, ViewKeys view_keys,
              Diagnostics& diagnostics);

// The individual checks.
void ValidateDatabaseNames(const Validator& v);  // of models
void ValidateEnumDatabaseNames(const Validator& v);
void ValidateModel(const Validator& v, Ref model);
void ValidateEnum(const Validator& v, const Enum& block);
void ValidateColumn(const Validator& v, Ref model, const Field& field);
void ValidateIndex(const Validator& v, Ref model, const Index& index);
void ValidateIndexTypes(const Validator& v, const Model& model, const Index& index);
// False: the relation is ambiguous, and validation must stop.
bool ValidateRelationField(const Validator& v, Ref model, Ref field);
void ValidateRelation(const Validator& v, const Relation& relation);
void ValidateOneToOne(const Validator& v, const Relation& relation);
void ValidateManyToMany(const Validator& v, const Relation& relation);
void ValidateCycles(const Validator& v, const Relation& relation);

}  // namespace ballast::prisma
