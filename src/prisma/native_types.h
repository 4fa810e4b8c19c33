// SPDX-License-Identifier: Apache-2.0
// The types that @db.X supports on PostgreSQL (prisma-engines
// psl/psl-core/src/builtin_connectors/postgres_datamodel_connector/native_types.rs).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "prisma/datamodel.h"
#include "prisma/diagnostic.h"

namespace ballast::prisma {

// The number of optional arguments of a native type.
enum class NativeArguments { kNone, kOne, kTwo };

struct NativeConstructor {
  std::string_view name;
  ScalarType type;
  NativeArguments arguments;
  std::string_view sql;  // "DOUBLE PRECISION"
};

const NativeConstructor* FindNativeConstructor(std::string_view name);

// A native type with its arguments: VarChar(20), Decimal(10,2).
struct NativeType {
  const NativeConstructor* constructor = nullptr;
  std::vector<uint32_t> numbers;

  std::string ToString() const;  // "Decimal(10,2)"
  std::string ToSql() const;     // "DECIMAL(10,2)"
};

// Nothing if the arguments are invalid; the constructor must exist.
std::optional<NativeType> ReadNativeType(const NativeConstructor& constructor,
                                         const std::vector<std::string>& arguments);

// The native type of a field, if it has a valid one.
std::optional<NativeType> NativeTypeOf(const Field& field);

// Reports errors in the native type of the field.
void ValidateNativeType(const Field& field, const Datasource& datasource, Diagnostics& diagnostics);

// The native type in the text of an Unsupported("…"), if Prisma knows it.
std::optional<NativeType> NativeTypeInText(std::string_view text);

}  // namespace ballast::prisma
