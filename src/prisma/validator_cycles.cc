// SPDX-License-Identifier: Apache-2.0
// Where Prisma itself carries out referential actions (relationMode = "prisma"), they must not run
// in circles (validations/relations.rs, cycles).
#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "prisma/validate_relations.h"
#include "prisma/validator.h"

namespace ballast::prisma {
namespace {

ReferentialAction OnUpdate(const RelationSide& side) {
  return side.on_update ? side.on_update->action : ReferentialAction::kCascade;
}

ReferentialAction OnDelete(const RelationSides& r) {
  if (r.forward_side->on_delete) return r.forward_side->on_delete->action;
  bool required = r.forward->arity == Arity::kRequired;
  for (const Ref field : r.forward_side->fields.value_or(std::vector<Ref>())) {
    required |= r.model_a.fields[field].arity == Arity::kRequired;
  }
  return required ? ReferentialAction::kRestrict : ReferentialAction::kSetNull;
}

bool Modifies(ReferentialAction action) {
  return action != ReferentialAction::kNoAction && action != ReferentialAction::kRestrict;
}

// One step of a path through the relations; `from` is the place of the step before.
struct Step {
  const Relation* relation;
  std::optional<size_t> from;
};

class CycleSearch {
 public:
  CycleSearch(const Validator& v, const Relation& root) : v_(v), root_(root) {}

  void Run() {
    steps_.push_back({&root_, std::nullopt});
    std::vector<size_t> waiting = {0};
    visited_.insert(&root_);
    while (!waiting.empty() && v_.cycle_steps > 0) {
      --v_.cycle_steps;
      const size_t place = waiting.back();
      waiting.pop_back();
      if (!Visit(place, waiting)) return;
    }
  }

 private:
  // False when a cycle was found, and reported.
  bool Visit(size_t place, std::vector<size_t>& waiting) {
    const Relation& relation = *steps_[place].relation;
    const RelationSides r = SidesOf(v_, relation);
    if (!Modifies(OnUpdate(*r.forward_side)) && !Modifies(OnDelete(r))) return true;
    if (relation.model_a == relation.model_b) {
      Report(
          "A self-relation must have `onDelete` and `onUpdate` referential actions set to "
          "`NoAction` in one of the @relation attributes.");
      return false;
    }
    if (relation.model_b == root_.model_a) {
      Report(
          fmt::format("Reference causes a cycle. One of the @relation attributes in this cycle "
                      "must have `onDelete` and `onUpdate` referential actions set to "
                      "`NoAction`. Cycle path: {}.",
                      Path(place)));
      return false;
    }
    for (const Relation* next : v_.relations_from[relation.model_b]) {
      if (!visited_.insert(next).second) continue;
      waiting.push_back(steps_.size());
      steps_.push_back({next, place});
    }
    return true;
  }

  std::string Path(size_t place) const {
    std::vector<std::string> parts;
    for (std::optional<size_t> at = place; at; at = steps_[*at].from) {
      const RelationSides r = SidesOf(v_, *steps_[*at].relation);
      parts.push_back(fmt::format("{}.{}", r.model_a.name.text, r.forward->name.text));
    }
    std::reverse(parts.begin(), parts.end());
    return fmt::format("{}", fmt::join(parts, " → "));
  }

  void Report(std::string message) {
    const RelationSides r = SidesOf(v_, root_);
    std::vector<std::string> implied;
    if (!r.forward_side->on_delete && Modifies(OnDelete(r))) {
      implied.push_back(fmt::format("`onDelete`: `{}`", NameOf(OnDelete(r))));
    }
    if (!r.forward_side->on_update) {
      implied.push_back(fmt::format("`onUpdate`: `{}`", NameOf(OnUpdate(*r.forward_side))));
    }
    if (!implied.empty()) {
      message += fmt::format(" (Implicit default {})", fmt::join(implied, ", and "));
    }
    message += " Read more at https://pris.ly/d/cyclic-referential-actions";
    v_.diagnostics.Invalid(message, r.forward->span);
  }

  const Validator& v_;
  const Relation& root_;
  std::vector<Step> steps_;
  std::unordered_set<const Relation*> visited_;
};

}  // namespace

void ValidateCycles(const Validator& v, const Relation& relation) {
  if (v.datasource.relation_mode != RelationMode::kPrisma) return;
  CycleSearch(v, relation).Run();
}

}  // namespace ballast::prisma
