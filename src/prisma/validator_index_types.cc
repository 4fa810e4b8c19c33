// SPDX-License-Identifier: Apache-2.0
// Which columns an index of which type and operator class can hold (prisma-engines
// postgres_datamodel_connector/validations.rs).
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "prisma/native_types.h"
#include "prisma/operator_classes.h"
#include "prisma/validator.h"

namespace ballast::prisma {
namespace {

std::string_view NameOf(IndexAlgorithm algorithm) {
  constexpr std::array<std::string_view, 6> kNames = {"BTree", "Hash",   "Gist",
                                                      "Gin",   "SpGist", "Brin"};
  return kNames[static_cast<size_t>(algorithm)];
}

// The type in the name of a BRIN operator class, the native type it serves, and the type of field
// that needs no native type for it.
struct BrinMatch {
  std::string_view class_type;
  std::string_view native;
  std::optional<ScalarType> scalar;
};

constexpr std::array<BrinMatch, 20> kBrin = {{{"Bit", "Bit", {}},
                                              {"VarBit", "VarBit", {}},
                                              {"Bpchar", "Char", {}},
                                              {"Date", "Date", {}},
                                              {"Float4", "Real", {}},
                                              {"Float8", "DoublePrecision", ScalarType::kFloat},
                                              {"Inet", "Inet", {}},
                                              {"Int2", "SmallInt", {}},
                                              {"Int4", "Integer", ScalarType::kInt},
                                              {"Int8", "BigInt", ScalarType::kBigInt},
                                              {"Numeric", "Decimal", ScalarType::kDecimal},
                                              {"Oid", "Oid", {}},
                                              {"Bytea", "ByteA", ScalarType::kBytes},
                                              {"Text", "Text", ScalarType::kString},
                                              {"Text", "VarChar", ScalarType::kString},
                                              {"Timestamp", "Timestamp", ScalarType::kDateTime},
                                              {"TimestampTz", "Timestamptz", {}},
                                              {"Time", "Time", {}},
                                              {"TimeTz", "Timetz", {}},
                                              {"Uuid", "Uuid", {}}}};

bool SupportsAlgorithm(const OperatorClassSnapshot& snapshot, IndexAlgorithm algorithm) {
  if (snapshot.name == "InetOps") {
    return algorithm == IndexAlgorithm::kGist || algorithm == IndexAlgorithm::kSpGist;
  }
  if (snapshot.name == "TextOps") return algorithm == IndexAlgorithm::kSpGist;
  if (snapshot.type == "Jsonb" || snapshot.type == "Array")
    return algorithm == IndexAlgorithm::kGin;
  return algorithm == IndexAlgorithm::kBrin;
}

// One field of an index, looked at against the type of the index.
class KeyCheck {
 public:
  KeyCheck(const Validator& v, const Model& model, const Index& index, const KeyField& key)
      : v_(v),
        model_(model),
        index_(index),
        field_(model.fields[key.field]),
        algorithm_(index.algorithm.value_or(IndexAlgorithm::kBTree)) {
    if (key.operator_class) operator_class_ = FindOperatorClass(key.operator_class->name);
    if (const auto native = NativeTypeOf(field_)) native_ = native->constructor->name;
  }

  void Run() {
    if (operator_class_ && !SupportsAlgorithm(*operator_class_, algorithm_)) {
      AddError(
          fmt::format("The given operator class `{}` is not supported with the `{}` index "
                      "type.",
                      operator_class_->name, NameOf(algorithm_)));
      return;
    }
    switch (algorithm_) {
      case IndexAlgorithm::kBTree:
      case IndexAlgorithm::kHash:
        return;
      case IndexAlgorithm::kGist:
        if (native_ != "Inet" || !operator_class_) Mismatch();
        return;
      case IndexAlgorithm::kGin:
        return CheckGin();
      case IndexAlgorithm::kSpGist:
        return CheckSpGist();
      case IndexAlgorithm::kBrin:
        return CheckBrin();
    }
  }

 private:
  bool Is(ScalarType type) const { return field_.IsScalar(type); }

  void AddError(std::string_view message) {
    v_.diagnostics.InvalidAttribute(message, index_.AttributeName(),
                                    model_.At(index_.attribute).span);
  }

  void PointsElsewhere(ScalarType expected) {
    AddError(
        fmt::format("The given operator class `{}` points to the field `{}` that is not of {} "
                    "type.",
                    operator_class_->name, field_.name.text, prisma::NameOf(expected)));
  }

  bool TypeIsSupported() const {
    if (field_.kind == FieldKind::kUnsupported) return true;
    switch (algorithm_) {
      case IndexAlgorithm::kBTree:
      case IndexAlgorithm::kHash:
        return true;
      case IndexAlgorithm::kGist:
      case IndexAlgorithm::kSpGist:
        return Is(ScalarType::kString);
      case IndexAlgorithm::kGin:
        return Is(ScalarType::kJson) || field_.IsList();
      case IndexAlgorithm::kBrin:
        return field_.kind == FieldKind::kScalar && !Is(ScalarType::kJson) &&
               !Is(ScalarType::kBoolean);
    }
    return true;
  }

  void Mismatch() {
    if (!native_.empty() && operator_class_) {
      AddError(
          fmt::format("The given operator class `{}` does not support native type `{}` of "
                      "field `{}`.",
                      operator_class_->name, native_, field_.name.text));
    } else if (!native_.empty()) {
      AddError(fmt::format("The {} index field type `{}` has no default operator class.",
                           NameOf(algorithm_), native_));
    } else if (operator_class_) {
      AddError(
          fmt::format("The given operator class `{}` expects the field `{}` to define a valid "
                      "native type.",
                      operator_class_->name, field_.name.text));
    } else if (!TypeIsSupported()) {
      AddError(fmt::format("The {} index type does not support the type of the field `{}`.",
                           NameOf(algorithm_), field_.name.text));
    }
  }

  void CheckGin() {
    if (!operator_class_) {
      const bool fine =
          field_.IsList() || native_ == "JsonB" || (native_.empty() && Is(ScalarType::kJson));
      if (!fine) Mismatch();
    } else if (operator_class_->type == "Array") {
      if (field_.IsList()) return;
      AddError(
          fmt::format("The given operator class `ArrayOps` expects the type of field `{}` to "
                      "be an array.",
                      field_.name.text));
    } else if (native_.empty()) {
      if (!Is(ScalarType::kJson)) PointsElsewhere(ScalarType::kJson);
    } else if (native_ != "JsonB") {
      Mismatch();
    }
  }

  void CheckSpGist() {
    const bool text_class = operator_class_ && operator_class_->type == "Text";
    if (native_.empty() && text_class) {
      if (!Is(ScalarType::kString)) PointsElsewhere(ScalarType::kString);
      return;
    }
    const bool text_native = native_ == "Text" || native_ == "VarChar" || native_ == "Char";
    const bool fine = (native_ == "Inet" && !text_class) ||
                      (text_native && (!operator_class_ || text_class)) ||
                      (native_.empty() && !operator_class_ && Is(ScalarType::kString));
    if (!fine) Mismatch();
  }

  void CheckBrin() {
    const auto fits = [&](const BrinMatch& match) {
      return match.native == native_ &&
             (!operator_class_ || match.class_type == operator_class_->type);
    };
    if (!native_.empty()) {
      if (std::none_of(kBrin.begin(), kBrin.end(), fits)) Mismatch();
      return;
    }
    if (!operator_class_) {
      if (!TypeIsSupported()) Mismatch();
      return;
    }
    for (const BrinMatch& match : kBrin) {
      if (match.class_type != operator_class_->type || !match.scalar) continue;
      if (!Is(*match.scalar)) PointsElsewhere(*match.scalar);
      return;
    }
    Mismatch();
  }

  const Validator& v_;
  const Model& model_;
  const Index& index_;
  const Field& field_;
  IndexAlgorithm algorithm_;
  std::optional<OperatorClassSnapshot> operator_class_;
  std::string_view native_;  // empty: not specified
};

void CheckXml(const Validator& v, const Model& model, const Index& index) {
  for (const KeyField& key : index.fields) {
    const Field& field = model.fields[key.field];
    const std::optional<NativeType> native = NativeTypeOf(field);
    if (!native || native->constructor->name != "Xml") continue;
    v.diagnostics.Error(
        index.IsUnique()
            ? "Native type `Xml` cannot be unique in Postgres."
            : "You cannot define an index on fields with native type `Xml` of Postgres.",
        field.span);
    return;
  }
}

}  // namespace

void ValidateIndexTypes(const Validator& v, const Model& model, const Index& index) {
  CheckXml(v, model, index);
  for (const KeyField& key : index.fields) {
    if (key.operator_class && key.operator_class->raw) continue;
    KeyCheck(v, model, index, key).Run();
  }
  if (index.algorithm == IndexAlgorithm::kSpGist && index.fields.size() != 1) {
    v.diagnostics.InvalidAttribute("SpGist does not support multi-column indices.",
                                   index.AttributeName(), model.At(index.attribute).span);
  }
}

}  // namespace ballast::prisma
