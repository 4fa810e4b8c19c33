// SPDX-License-Identifier: Apache-2.0
// Orders the statements: drops from the last object to the first, then creations and changes from
// the first to the last, then drops of types that columns no longer use. Only for this folder.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "difference/database_definitions.h"
#include "difference/difference.h"
#include "difference/planner.h"
#include "difference/privilege_changes.h"

namespace ballast::difference {

class ScriptWriter {
 public:
  // The arguments must outlive it.
  ScriptWriter(const DatabaseDefinitions& from, const DatabaseDefinitions& to, const Planner& plan,
               int server_major);

  Script Write();
  // Objects that no statement drops.
  const std::vector<std::string>& refused() const { return refused_; }

 private:
  void Add(Statement statement);
  void NoteMade(size_t at);
  void CopyTables();
  void InsertCopied(size_t at);
  static std::string ObjectOf(const DatabaseDefinitions& side, size_t at);
  static Statement About(const DatabaseDefinitions& side, size_t at);
  // A comment, a privilege or an owner.
  static bool IsSetting(const catalog::Definition& definition);
  bool IsCheckOrComment(const DatabaseDefinitions& side, size_t at) const;

  // script_writer_drops.cc
  void Drop();
  void DropDefaultsOfSequences();
  void Detach(size_t at);
  void DropOne(size_t at);
  bool IsDetachedTrigger(size_t at) const;
  bool HasOnlyPartitions(size_t at) const;
  void LoseColumns(size_t at, Statement& drop) const;
  bool IsNameTaken(const catalog::Name& name) const { return names_.contains(name); }
  bool IsInTheWay(size_t at) const;
  catalog::Name NameAside(const catalog::Name& name);
  void MoveAside();
  void MovePartsAside(size_t at);
  void DropTypes();

  void AddLabels();
  void RevokePrivileges();
  void RevokePrivileges(size_t at);
  void GrantPrivileges(size_t at);
  void AddPrivileges(const PrivilegeChange& change, const std::string& text);
  bool IsAboutExisting(size_t at) const;
  bool StandsAlone(size_t at) const;
  LockMode LockOfChange(size_t at, const std::string& text) const;
  bool IsOfLateIndex(size_t at) const;
  bool IsOfLateTrigger(size_t at) const;
  void Make();
  void RepeatColumnSettings(const DatabaseDefinitions& side, size_t at);
  void CreateOne(size_t at);
  static bool MakesOwned(const catalog::Definition& definition);
  std::string OwnerOfSequence(size_t own_sequence) const;
  catalog::Name TableNameOf(const catalog::Definition& definition, size_t at) const;
  void MakeAdditionsAgain();
  void AttachLast();
  LockMode LockOfAttachment(const catalog::Name& partition) const;
  catalog::Name TableOfIndex(size_t at) const;

  const DatabaseDefinitions& from_;
  const DatabaseDefinitions& to_;
  const Planner& plan_;
  int server_major_;
  Script script_;
  std::map<size_t, catalog::Name> aside_;
  int asides_ = 0;
  std::vector<size_t> attach_;
  std::map<size_t, size_t> inserts_;  // where the rows of the copy of this number are inserted
  std::vector<Statement> positions_;  // of sequences, after rows that are inserted
  std::set<size_t> granted_;
  std::set<catalog::Name> names_;           // of relations and types of `to`
  std::set<catalog::Name> remaining_;       // relations that are not dropped
  std::set<std::string> made_;              // addresses of other objects that are created
  std::set<catalog::Name> made_relations_;  // those, with the indexes and sequences of tables
  bool makes_ranges_ = false;
  std::vector<size_t> last_;                       // made after partitions are attached
  std::set<std::string> attached_;                 // tables, quoted
  std::set<catalog::Name> detached_;               // tables
  std::map<size_t, std::vector<size_t>> used_by_;  // definitions of `to`
  std::vector<std::string> refused_;
};

}  // namespace ballast::difference
