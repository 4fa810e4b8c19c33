// SPDX-License-Identifier: Apache-2.0
// The types that @db.X can name on PostgreSQL (prisma-engines
// psl/psl-core/src/builtin_connectors/postgres_datamodel_connector/native_types.rs).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "prisma/datamodel.h"
#include "prisma/diagnostic.h"

namespace ballast::prisma {

// What a native type may have in parentheses; all of it may be left out.
enum class NativeArguments { kNone, kOne, kTwo };

struct NativeConstructor {
  std::string_view name;
  ScalarType type;
  NativeArguments arguments;
  std::string_view sql;  // "DOUBLE PRECISION"
};

const NativeConstructor* FindNativeConstructor(std::string_view name);

// A native type with its numbers: VarChar(20), Decimal(10,2).
struct NativeType {
  const NativeConstructor* constructor = nullptr;
  std::vector<uint32_t> numbers;

  std::string ToString() const;  // "Decimal(10,2)"
  std::string ToSql() const;     // "DECIMAL(10,2)"
};

// Nothing when the numbers do not fit; the caller knows the constructor exists.
std::optional<NativeType> ReadNativeType(const NativeConstructor& constructor,
                                         const std::vector<std::string>& arguments);

// The native type of a field, if it has one that is right.
std::optional<NativeType> NativeTypeOf(const Field& field);

// Reports what is wrong with the native type of the field.
void ValidateNativeType(const Field& field, const Datasource& datasource, Diagnostics& diagnostics);

// The native type that the text of an Unsupported("…") means, if Prisma knows it.
std::optional<NativeType> NativeTypeInText(std::string_view text);

}  // namespace ballast::prisma
