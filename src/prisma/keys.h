// SPDX-License-Identifier: Apache-2.0
// Primary keys, unique constraints and indexes of a model.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "prisma/syntax.h"

namespace ballast::prisma {

// Models, enums and fields are referenced by their index in the data model's vectors.
using Ref = uint32_t;

enum class SortOrder { kAscending, kDescending };
enum class IndexAlgorithm { kBTree, kHash, kGist, kGin, kSpGist, kBrin };
enum class IndexKind { kNormal, kUnique, kFulltext };

struct OperatorClass {
  std::string name;  // "JsonbPathOps", or the content of raw("…")
  bool raw = false;
};

struct KeyField {
  Ref field = 0;
  std::optional<SortOrder> sort;
  std::optional<int64_t> length;
  std::optional<OperatorClass> operator_class;
};

// The attribute that defines a key: on the model, or on one of its fields.
struct AttributeRef {
  std::optional<Ref> field;
  size_t index = 0;
};

struct PrimaryKey {
  std::vector<KeyField> fields;
  std::optional<std::string> name;         // of the client
  std::optional<std::string> mapped_name;  // of the constraint
  std::optional<bool> clustered;
  AttributeRef attribute;

  std::string AttributeName() const { return attribute.field ? "@id" : "@@id"; }
};

struct Index {
  IndexKind kind = IndexKind::kNormal;
  std::vector<KeyField> fields;
  std::optional<std::string> name;         // of the client
  std::optional<std::string> mapped_name;  // of the index
  std::optional<IndexAlgorithm> algorithm;
  std::optional<bool> clustered;
  // For a partial index: raw("…") or an object of conditions; Prisma 7 only.
  std::optional<Value> where;
  AttributeRef attribute;

  bool IsUnique() const { return kind == IndexKind::kUnique; }
  std::string AttributeName() const {
    if (attribute.field) return "@unique";
    return kind == IndexKind::kNormal ? "@@index" : IsUnique() ? "@@unique" : "@@fulltext";
  }
};

}  // namespace ballast::prisma
