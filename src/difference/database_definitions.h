// SPDX-License-Identifier: Apache-2.0
// One of the two databases, as definitions with lookups by name. Only for this folder.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "catalog/baseline.h"
#include "catalog/database.h"
#include "catalog/object_ref.h"

namespace ballast::difference {

using catalog::QuotedName;

// A definition or one of its columns.
struct Part {
  size_t definition = 0;
  int32_t column = 0;  // pg_attribute.attnum; 0: the whole definition
};

// `user` depends on `used`.
struct PartDependency {
  Part user;
  Part used;
  char kind = 'n';  // pg_depend.deptype
};

class DatabaseDefinitions {
 public:
  DatabaseDefinitions(const catalog::Database& database, const catalog::PartsOptions& options);

  const catalog::Database& database() const { return database_; }
  const catalog::BaselineParts& parts() const { return parts_; }
  const catalog::Definition& At(size_t at) const { return parts_.definitions[at]; }
  size_t size() const { return parts_.definitions.size(); }
  const std::vector<size_t>& order() const { return order_; }  // of the script
  const std::vector<PartDependency>& uses() const { return uses_; }

  // Equal for the same object on both sides.
  const std::string& KeyOf(size_t at) const { return keys_[at]; }
  std::optional<size_t> Find(const std::string& key) const;

  // The object that the definition makes or changes: for a comment or an owner that of another
  // definition, for a default the column.
  const catalog::ObjectRef& RefOf(size_t at) const { return refs_[at]; }
  // Of an object that has an address; not of a column.
  const catalog::ObjectRef& RefOf(catalog::ObjectId id) const { return refs_by_id_.at(id); }

  // The name in reports: "table \"User\"".
  std::string LabelOf(size_t at) const;
  // The same for a column: "column \"User\".\"age\""; and "view \"v\", which depends on table
  // \"T\"".
  std::string LabelOf(const Part& part) const;
  std::string LabelOf(const PartDependency& use) const;
  const catalog::Address* AddressOf(catalog::ObjectId id) const;

  // The table that a definition creates, or null.
  const catalog::TableObject* TableAt(size_t at) const;
  const catalog::TableObject* TableNamed(const catalog::Name& name) const;
  const catalog::TableObject* TableOf(catalog::ObjectId id) const;
  // The definition of the partitioned table that a partition belongs to.
  std::optional<size_t> ParentOf(const catalog::TableObject& partition) const;
  // Columns of that name of the tables that inherit from it, and of those that inherit from them.
  std::vector<Part> InheritingColumns(const catalog::TableObject& parent,
                                      const std::string& column) const;
  // The table of an index; for any other definition its own name.
  const catalog::Name& TableNameAt(size_t at) const;
  // The name that a definition takes among the relations of its schema, that of a constraint's
  // index included; nothing if it takes none.
  std::optional<catalog::Name> RelationMadeAt(size_t at) const;
  // The index or the sequence that a definition creates or changes, or null.
  const catalog::IndexObject* IndexAt(size_t at) const;
  const catalog::Sequence* SequenceAt(size_t at) const;
  const catalog::Sequence* SequenceOf(catalog::ObjectId id) const;
  // Whether a column of a table has the domain, or a domain over it.
  bool IsInTables(const catalog::Name& domain) const;
  // The sequence of an identity column, or null.
  const catalog::Sequence* IdentityOf(const catalog::TableObject& table, size_t column) const;

 private:
  std::string IdentifyingDetail(const catalog::Definition& definition) const;
  std::optional<Part> Resolve(catalog::ObjectId id, int depth = 0) const;
  void CollectUses();
  void OrderKeysOfPartitionsFirst();
  void OrderTablesAfterDomainChecks();

  const catalog::Database& database_;
  catalog::BaselineParts parts_;
  std::vector<size_t> order_;
  std::vector<std::string> keys_;
  std::map<catalog::ObjectId, catalog::ObjectRef> refs_by_id_;
  std::vector<catalog::ObjectRef> refs_;
  std::map<std::string, size_t> by_key_;
  std::map<catalog::ObjectId, catalog::ObjectId> owners_;
  std::map<catalog::ObjectId, const catalog::TableObject*> tables_;
  std::map<catalog::Name, const catalog::TableObject*> tables_by_name_;
  std::map<catalog::ObjectId, std::vector<const catalog::TableObject*>> children_;  // by parent
  std::map<catalog::ObjectId, int32_t> default_columns_;
  std::map<catalog::ObjectId, const catalog::IndexObject*> indexes_;
  std::map<catalog::ObjectId, const catalog::Sequence*> sequences_;
  std::map<catalog::ObjectId, const catalog::Sequence*> identities_;  // by column
  std::vector<PartDependency> uses_;
};

// The parts of the definitions of tables and domains that are separate because both databases have
// them. `recreated`: domains that are dropped and created again although both databases have them.
catalog::PartsOptions SeparateParts(const catalog::Database& database,
                                    const catalog::Database& other,
                                    const std::set<catalog::Name>& recreated);

// The index of the column, or nothing if the table has none of that name.
std::optional<size_t> ColumnNamed(const catalog::TableObject& table, const std::string& name);

// Whether the table is a partition of the other one, at any depth.
bool IsPartitionOf(const DatabaseDefinitions& side, const catalog::TableObject& table,
                   const catalog::TableObject& root);
std::optional<size_t> ColumnNumbered(const catalog::TableObject& table, int32_t number);

// The trigger of a partition that the definition is about: its state, a comment on it; else null.
const catalog::TriggerCopy* CopyThatConcerns(const DatabaseDefinitions& side, size_t at);

}  // namespace ballast::difference
