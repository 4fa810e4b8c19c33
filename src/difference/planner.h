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

#include "difference/difference.h"
#include "difference/side.h"
#include "difference/table_changes.h"

namespace ballast::difference {

enum class Fate {
  kKeep,
  kAlter,
  kCreate,
  kDrop,
  kRemake,  // drop and create again
  kSkip     // handled by another object's statement
};

struct Item {
  std::optional<size_t> from;
  std::optional<size_t> to;
  Fate fate = Fate::kKeep;
  // A type that columns use until they are converted: it is renamed first and dropped at the end.
  bool dropped_late = false;
  std::string alter;  // for kAlter
};

class Planner {
 public:
  // `managed`: the keys of the project's definitions; or null.
  Planner(const Side& from, const Side& to, const Options& options, const Side* managed);

  // Computes the fates. `refused` receives descriptions of what cannot be done.
  void Plan();
  const std::vector<std::string>& refused() const { return refused_; }

  const Item& ItemOfFrom(size_t at) const { return items_[of_from_[at]]; }
  const Item& ItemOfTo(size_t at) const { return items_[of_to_[at]]; }
  // For a table that both databases have and that remains; else null.
  const TableChanges* ChangesOf(size_t from_definition) const;
  // Whether a definition of `from` is dropped together with the object that it belongs to.
  bool GoesWith(size_t from_definition) const;
  // The statements of `from` for grants and settings that operators have made; empty if there are
  // none or they are not kept.
  std::string KeptSettings(const Item& item) const;
  // Statements for new labels of enums that are not replaced.
  const std::map<size_t, std::vector<std::pair<std::string, std::string>>>& added_labels() const {
    return added_labels_;
  }

 private:
  void Pair();
  void JudgeTable(Item& item);
  void Judge(Item& item);
  bool IsLeftAlone(const Item& item) const;
  bool IsOfShape(size_t from_definition) const;
  void SuspendDefaultPrivileges();
  void DropConflictingNames();
  void RemakeAttachedIndexes();
  bool IsDetached(const catalog::Name& table) const;
  void Spread();
  void Remake(size_t item);
  void Gone(Part part, bool retyped);
  void Affect(const Use& use, bool retyped);
  void AffectTable(const Use& use, size_t item);
  bool IsDropped(const Part& part) const;
  void DropAdditions();
  void DropTypesLate();
  bool IsGone(const Part& part) const;

  const Side& from_;
  const Side& to_;
  const Options& options_;
  const Side* managed_;
  std::vector<Item> items_;
  std::vector<size_t> of_from_;
  std::vector<size_t> of_to_;
  std::map<size_t, std::unique_ptr<TableChanges>> changes_;  // by definition of `from`
  std::map<size_t, std::vector<std::pair<std::string, std::string>>> added_labels_;  // by item
  std::map<std::pair<size_t, int32_t>, std::vector<const Use*>> users_;
  std::map<size_t, std::vector<const Use*>> uses_of_;
  std::deque<std::pair<Part, bool>> gone_;
  std::set<std::tuple<size_t, int32_t, bool>> seen_;
  std::vector<std::string> refused_;
};

bool IsType(catalog::Step step);

}  // namespace ballast::difference
