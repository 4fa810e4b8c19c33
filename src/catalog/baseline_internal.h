// SPDX-License-Identifier: Apache-2.0
// The kinds of the baseline, one function each: values in, definitions out. Inside of catalog only.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "catalog/database.h"
#include "catalog/dependency_order.h"

namespace ballast::catalog {

// What has been taken out of its object's own statement to break a circle: defaults and checks by
// their own identity, views by theirs.
using CycleBreaks = std::set<ObjectId>;

// The definitions so far, and which of them makes what.
struct Draft {
  std::vector<Definition> definitions;
  Makers makers;
  std::map<ObjectId, std::string> columns;    // of tables, as in CREATE TABLE
  std::map<ObjectId, std::string> reversals;  // of GRANT steps

  // Adds it; its id and the given ones are made by it.
  void Add(Definition definition, const std::vector<ObjectId>& also = {});
};

// An identity for a step that is about `id` but does not make it. Two steps on one object need two
// different numbers.
ObjectId SectionObject(ObjectId id, int number);

Definition MakeDefinition(ObjectId id, Step step, Name name, std::string statements,
                          std::vector<ObjectId> needs = {}, std::string detail = {});

std::string Quoted(const Name& name);

// How a sequence is written.
enum class SequenceForm { kSerial, kIdentity, kOwn };

// Sequences by the column that owns them.
class SequenceIndex {
 public:
  explicit SequenceIndex(const Database& database, const std::set<ObjectId>& never_serial = {});
  // The sequence that gives a column its values: of its identity, else the owned one that its
  // default uses, else any that it owns; nullptr: none. A column may own more of them.
  const Sequence* Of(const TableObject& table, size_t column) const;
  SequenceForm FormOf(const Sequence& sequence) const;

 private:
  bool IsSerial(const TableObject& table, size_t column, const Sequence& sequence) const;
  std::multimap<ObjectId, const Sequence*> by_column_;
  std::map<ObjectId, SequenceForm> forms_;
  std::set<std::pair<ObjectId, ObjectId>> default_uses_;
};

std::string SerialWord(const std::string& type);  // "integer" → "SERIAL"
// Inside the parentheses of GENERATED … AS IDENTITY; empty: all as usual.
std::string IdentityOptions(const TableObject& table, size_t column, const Sequence& sequence);

void AddTables(const Database& database, const SequenceIndex& sequences, const CycleBreaks& splits,
               Draft& draft);
void TieKeys(const Database& database, Draft& draft);
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
