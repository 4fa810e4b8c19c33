// SPDX-License-Identifier: Apache-2.0
// Finds out which relation fields belong together (prisma-engines
// psl/parser-database/src/relations.rs).
#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "prisma/relation_fields.h"
#include "prisma/resolver.h"

namespace ballast::prisma {
namespace {

class Inference {
 public:
  explicit Inference(Datamodel& datamodel) : datamodel_(datamodel), by_name_(datamodel) {}

  void Run() {
    for (const Declaration& top : datamodel_.declarations) {
      if (top.kind != DeclarationKind::kModel) continue;
      const Model& model = datamodel_.models[top.index];
      for (Ref i = 0; i < model.fields.size(); ++i) {
        if (model.fields[i].kind == FieldKind::kRelation) Ingest(top.index, i);
      }
    }
  }

 private:
  // A relation field with what must be known to see its relation.
  struct Evidence {
    Ref model;
    Ref field_ref;
    const Field& field;
    const RelationSide& side;
    std::optional<Ref> opposite_ref;
    const Field* opposite;
    // The name of its model and its own are greater than those of the other side.
    bool later;
  };

  const Model& ModelAt(Ref ref) const { return datamodel_.models[ref]; }

  Evidence Look(Ref model, Ref ref) const {
    const Field& field = ModelAt(model).fields[ref];
    const RelationSide& side = datamodel_.SideOf(field);
    const std::optional<Ref> other = by_name_.Opposite(model, ref);
    const Field* opposite = other ? &ModelAt(field.target).fields[*other] : nullptr;
    bool later = false;
    if (opposite != nullptr) {
      const int order = ModelAt(model).name.text.compare(ModelAt(field.target).name.text);
      later = order > 0 || (order == 0 && field.name.text > opposite->name.text);
    }
    return {model, ref, field, side, other, opposite, later};
  }

  void Ingest(Ref model, Ref ref) {
    const Evidence evidence = Look(model, ref);
    if (evidence.field.IsList()) {
      IngestList(evidence);
    } else if (evidence.opposite == nullptr) {
      Add(evidence,
          IsUniquelyMapped(evidence) ? RelationKind::kOneToOne : RelationKind::kOneToMany);
    } else if (evidence.opposite->IsList()) {
      Add(evidence, RelationKind::kOneToMany);
    } else if (IsForwardOfOneToOne(evidence)) {
      Add(evidence, RelationKind::kOneToOne);
    }
  }

  void IngestList(const Evidence& evidence) {
    if (evidence.opposite == nullptr) {
      Relation relation;
      relation.kind = RelationKind::kOneToMany;
      relation.model_a = evidence.field.target;
      relation.model_b = evidence.model;
      relation.field_b = evidence.field_ref;
      relation.name = evidence.side.name;
      datamodel_.relations.push_back(std::move(relation));
    } else if (evidence.opposite->IsList() && !evidence.later) {
      Add(evidence, RelationKind::kManyToMany);
      datamodel_.relations.back().embedded =
          evidence.side.fields || datamodel_.SideOf(*evidence.opposite).fields;
    }
  }

  // Each one-to-one relation is found from both sides, but added once.
  bool IsForwardOfOneToOne(const Evidence& evidence) const {
    const bool required = evidence.field.arity == Arity::kRequired;
    const bool opposite_required = evidence.opposite->arity == Arity::kRequired;
    if (required != opposite_required) return required;
    if (required || !evidence.side.fields) {
      const bool other_has_fields =
          !required && datamodel_.SideOf(*evidence.opposite).fields.has_value();
      return !evidence.later && !other_has_fields;
    }
    return true;
  }

  bool IsUniquelyMapped(const Evidence& evidence) const {
    if (!evidence.side.fields) return false;
    const auto same = [&](const Index& index) {
      return index.IsUnique() &&
             std::equal(index.fields.begin(), index.fields.end(), evidence.side.fields->begin(),
                        evidence.side.fields->end(),
                        [](const KeyField& key, Ref field) { return key.field == field; });
    };
    const std::vector<Index>& indexes = ModelAt(evidence.model).indexes;
    return std::any_of(indexes.begin(), indexes.end(), same);
  }

  void Add(const Evidence& evidence, RelationKind kind) {
    Relation relation;
    relation.kind = kind;
    relation.model_a = evidence.model;
    relation.model_b = evidence.field.target;
    relation.field_a = evidence.field_ref;
    relation.field_b = evidence.opposite_ref;
    relation.name = evidence.side.name;
    datamodel_.relations.push_back(std::move(relation));
  }

  Datamodel& datamodel_;
  RelationFields by_name_;
};

}  // namespace

void InferRelations(Datamodel& datamodel) {
  Inference(datamodel).Run();
}

}  // namespace ballast::prisma
