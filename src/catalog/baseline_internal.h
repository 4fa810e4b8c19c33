// SPDX-License-Identifier: Apache-2.0
// One function for each object kind of the baseline: model in, definitions out. Only for this
// folder.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "catalog/database.h"
#include "catalog/dependency_order.h"

namespace ballast::catalog {

// Parts that are written separately from their object's statement to break a dependency cycle:
// defaults and checks by their own identity, views by the view's.
using CycleBreaks = std::set<ObjectId>;

// The definitions so far, and which one creates each object.
struct Draft {
  std::vector<Definition> definitions;
  Makers makers;
  std::map<ObjectId, std::string> columns;  // of tables, as in CREATE TABLE

  // Adds a definition that creates its own id and the ids in `also`.
  void Add(Definition definition, const std::vector<ObjectId>& also = {});
};

// An identity for a step that concerns `id` but does not create it. Two steps on one object need
// two different numbers.
ObjectId SectionObject(ObjectId id, int number);

Definition MakeDefinition(ObjectId id, Step step, Name name, std::string statements,
                          std::vector<ObjectId> needs = {}, std::string detail = {});

// A step that sets properties of existing objects.
Definition MakeSettings(ObjectId id, Step step, Name name, std::vector<Setting> settings,
                        std::vector<ObjectId> needs, std::string detail = {});

// How a sequence is rendered.
enum class SequenceForm { kSerial, kIdentity, kOwn };

// Sequences by the column that owns them.
class SequenceIndex {
 public:
  explicit SequenceIndex(const Database& database, const std::set<ObjectId>& never_serial = {});
  // The sequence that provides a column's values: the identity sequence, else the owned one that
  // the default uses, else any owned one; nullptr if there is none. A column may own several
  // sequences.
  const Sequence* Of(const TableObject& table, size_t column) const;
  SequenceForm FormOf(const Sequence& sequence) const;

 private:
  bool IsSerial(const TableObject& table, size_t column, const Sequence& sequence) const;
  std::multimap<ObjectId, const Sequence*> by_column_;
  std::map<ObjectId, SequenceForm> forms_;
  std::set<std::pair<ObjectId, ObjectId>> default_uses_;
};

std::string SerialType(const std::string& type);  // "integer" → "SERIAL"
// The options inside GENERATED … AS IDENTITY ( ); empty if all have their defaults.
std::string IdentityOptions(const TableObject& table, size_t column, const Sequence& sequence);

void AddTables(const Database& database, const SequenceIndex& sequences, const CycleBreaks& splits,
               Draft& draft);
void AttachPartitionKeys(const Database& database, Draft& draft);
void AddRows(const Database& database, const std::map<ObjectId, std::string>& rows, Draft& draft);
void AddSequences(const Database& database, const SequenceIndex& sequences, Draft& draft);
void AddIndexes(const Database& database, Draft& draft);
void AddForeignKeys(const Database& database, Draft& draft);
void AddDefinitions(const Database& database, const CycleBreaks& splits, Draft& draft);
void AddExtensionDependencies(const Database& database, Draft& draft);
void AddOwners(const Database& database, Draft& draft);
void AddComments(const Database& database, Draft& draft);
void AddGrants(const Database& database, Draft& draft);

}  // namespace ballast::catalog
