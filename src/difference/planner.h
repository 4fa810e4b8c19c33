// SPDX-License-Identifier: Apache-2.0
// Decides for each object of the two databases what becomes of it: kept, changed in place, dropped,
// made, or dropped and made again because something that it rests on is. Inside of difference only.
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
  kRemake,  // dropped and made again
  kSkip     // goes or comes with something else, or is another's to decide
};

struct Item {
  std::optional<size_t> from;
  std::optional<size_t> to;
  Fate fate = Fate::kKeep;
  // Of a type that columns use until they have another one: dropped at the end, out of the way
  // until then under another name.
  bool dropped_late = false;
  std::string alter;  // of kAlter
};

class Planner {
 public:
  // `managed`: the keys of the definitions that are the project's; null: none.
  Planner(const Side& from, const Side& to, const Options& options, const Side* managed);

  // Fills in the fates. `refused`: what cannot be done, in words.
  void Plan();
  const std::vector<std::string>& refused() const { return refused_; }

  const Item& ItemOfFrom(size_t at) const { return items_[of_from_[at]]; }
  const Item& ItemOfTo(size_t at) const { return items_[of_to_[at]]; }
  // Of a table that both have and that stays; null: of none such.
  const TableChanges* ChangesOf(size_t from_definition) const;
  // Whether a definition of `from` is gone once what it belongs to is.
  bool GoesWith(size_t from_definition) const;
  // Of grants and settings of which operators have made some: the statements of `from` that are not
  // the project's. Empty: none, or they are not to be kept.
  std::string KeptSettings(const Item& item) const;
  // New labels of enums, as statements, where the enum is not exchanged.
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
  void DropNamesInTheWay();
  void RemakeAttachedIndexes();
  bool IsDetached(const catalog::Name& table) const;
  void Spread();
  void Remake(size_t item);
  void Gone(Part part, bool retyped);
  void Affect(const Use& use, bool retyped);
  void AffectTable(const Use& use, size_t item);
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
