// SPDX-License-Identifier: Apache-2.0
// Decides for each object of the two databases whether it is kept, altered, dropped, created, or
// dropped and created again because something it depends on is. Only for this folder.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "difference/check_changes.h"
#include "difference/copied_tables.h"
#include "difference/database_definitions.h"
#include "difference/difference.h"
#include "difference/object_pair.h"
#include "difference/privilege_changes.h"
#include "difference/retyped_objects.h"
#include "difference/table_changes.h"

namespace ballast::difference {

class Planner {
 public:
  // `managed`: keys of the project's definitions, or null. `recreated`: domains without ALTER.
  Planner(const DatabaseDefinitions& from, const DatabaseDefinitions& to, const Options& options,
          const DatabaseDefinitions* managed, std::set<catalog::Name> recreated);

  // Selects the actions. `refused` receives descriptions of changes that DDL cannot express.
  void Plan();
  const std::vector<std::string>& refused() const { return refused_; }
  // Additions that depend on what is dropped or replaced and cannot be created again.
  const std::vector<std::string>& in_the_way() const { return in_the_way_; }
  // Additions that are dropped with the object or the columns that they belong to.
  const std::vector<catalog::ObjectRef>& dropped_additions() const { return dropped_additions_; }

  const ObjectPair& PairOfFrom(size_t at) const { return pairs_[of_from_[at]]; }
  const ObjectPair& PairOfTo(size_t at) const { return pairs_[of_to_[at]]; }
  // For a table that both databases have and that remains; else null.
  const TableChanges* ChangesOf(size_t from_definition) const;
  // Tables that both databases have and that are dropped and created again; some with their rows.
  const std::set<catalog::Name>& recreated_tables() const { return recreated_tables_; }
  const std::map<catalog::Name, CopiedTable>& copied_tables() const { return copied_; }
  // Whether a definition of `from` is dropped together with the object that it belongs to.
  bool IsDroppedWithOwner(size_t from_definition) const;
  // Whether it uses an object that is dropped before the one that it belongs to.
  bool UsesDropped(size_t from_definition) const;
  // Whether it is a foreign key with disabled triggers that the other database enforces. It is
  // created again: only a superuser can enable the triggers, and rows can break the key meanwhile.
  bool RestoresEnforcement(size_t from_definition) const;
  // Of `from`: for good, or to be created again.
  bool IsDropped(const Part& part) const;
  // The statements of `from` for grants and settings that operators have made, if they are kept.
  std::string SettingsToKeep(const ObjectPair& item) const;
  // Nothing else changes the constraints that it covers.
  const CheckChanges& checks() const { return *checks_; }
  // For objects that remain; nothing else grants or revokes there.
  const PrivilegeChanges& privileges() const { return *privileges_; }
  // Whether the new database attaches the partition after everything else is made.
  bool IsAttachedLast(size_t to_attachment) const;
  // Indexes of `to` that are created after that: ATTACH PARTITION would add those of partitions.
  const std::set<catalog::ObjectId>& late_indexes() const { return late_indexes_; }
  // Whether a definition of `to` uses a function or view that gets another definition. A query with
  // its expressions would be answered by the present one.
  bool UsesChangedRoutine(size_t to_definition) const { return computed_.contains(to_definition); }
  // Statements for new labels of enums that are not replaced.
  const std::map<size_t, std::vector<std::pair<std::string, std::string>>>& added_labels() const {
    return added_labels_;
  }

 private:
  // A partition of a table that is created again is dropped by its own statement: rows are counted.
  bool IsPartitionOfRecreated(size_t from_definition) const;
  // A partition of others goes with its partitioned table.
  bool IsDroppedWithParent(const catalog::Name& table) const;
  std::optional<std::string> AlterIndexParameters(const ObjectPair& item) const;
  void PairObjects();
  void SelectTableAction(ObjectPair& item);
  void SelectAction(ObjectPair& item);
  bool IsUnmanaged(const ObjectPair& item) const;
  bool IsPartOfManagedTable(size_t from_definition) const;
  bool IsReplacedByIdentity(size_t from_definition) const;
  bool IsRefreshOfExisting(const ObjectPair& item) const;
  void SuspendDefaultPrivileges();
  void DropConflictingNames();
  void RecreateAttachedIndexes();
  void PostponeIndexes();
  void RecreateKeysOfLoggingChanges();
  void RecreateDisabledKeys();
  void RecreateRetypedPartitionKeys();
  void NoteRecreatedTables();
  bool RemainsNamed(const catalog::Name& table) const;
  bool CanCopy(const CopiedTable& table) const;
  bool IsRowTypeOf(const PartDependency& use) const;
  bool IsDetached(const catalog::Name& table) const;
  bool RemainsDetached(const PartDependency& use) const;
  void PropagateToDependents();
  void Recreate(size_t item);
  void MarkDropped(Part part, bool retyped);
  void AffectDependent(const PartDependency& use, bool retyped);
  void AffectDependentTable(const PartDependency& use, size_t item);
  void AffectTableOfOthers(const PartDependency& use, bool retyped);
  bool IsAddition(size_t from_definition) const;
  void ComputeAgain();
  void ComputeAgain(const PartDependency& use);
  void Refresh(size_t from_definition);
  bool ConcernsRemainingColumns(size_t from_definition) const;
  void DropAdditions();
  bool HasKeyAfter(const catalog::Name& table, std::vector<std::string> columns) const;
  void RefuseKeysWithoutTarget();
  void RefuseLostPartitions();
  void RefuseLostLabels();
  void DeferTypeDrops();
  void CompareChecks();
  void FollowChecks(ObjectPair& item);
  void ComparePrivileges();
  bool Remains(catalog::ObjectId id) const;
  // Of a column of a table that remains; null for other parts.
  const ColumnChange* ChangeOfColumn(const Part& part) const;
  bool IsDroppedForGood(const Part& part) const;

  const DatabaseDefinitions& from_;
  const DatabaseDefinitions& to_;
  const Options& options_;
  const DatabaseDefinitions* managed_;
  std::set<catalog::Name> recreated_;
  std::set<catalog::Name> recreated_tables_;
  std::map<catalog::Name, CopiedTable> copied_;
  std::vector<ObjectPair> pairs_;
  std::vector<size_t> of_from_;
  std::vector<size_t> of_to_;
  std::map<size_t, std::unique_ptr<TableChanges>> changes_;  // by definition of `from`
  RetypedObjects retyped_objects_;                           // of `from`
  std::map<size_t, std::vector<std::pair<std::string, std::string>>> added_labels_;  // by item
  std::map<std::pair<size_t, int32_t>, std::vector<const PartDependency*>> users_;
  std::map<size_t, std::vector<const PartDependency*>> uses_of_;
  std::deque<std::pair<Part, bool>> dropped_;
  std::set<std::tuple<size_t, int32_t, bool>> seen_;
  std::vector<std::string> refused_;
  std::vector<std::string> in_the_way_;
  std::vector<catalog::ObjectRef> dropped_additions_;
  std::set<catalog::ObjectId> late_indexes_;
  std::set<size_t> computed_;  // of `to`
  std::unique_ptr<CheckChanges> checks_;
  std::unique_ptr<PrivilegeChanges> privileges_;
};

}  // namespace ballast::difference
