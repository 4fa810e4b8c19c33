// SPDX-License-Identifier: Apache-2.0
// The names of blocks in all files and of fields in each model (prisma-engines
// psl/parser-database/src/names.rs). Holds views into the data model.
#pragma once

#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "prisma/datamodel.h"
#include "prisma/diagnostic.h"

namespace ballast::prisma {

class Names {
 public:
  // Reports duplicate, reserved and invalid names.
  Names(const Datamodel& datamodel, Diagnostics& diagnostics);

  // The model, view, type or enum of that name.
  std::optional<Declaration> FindDeclaration(std::string_view name) const;
  // The name of a block or built-in type that differs only in case.
  std::optional<std::string_view> FindSimilar(std::string_view name) const;
  std::optional<Ref> FindField(Ref model, std::string_view name) const;
  bool HasEnumValue(Ref enumeration, std::string_view value) const;

 private:
  using Table = std::unordered_map<std::string_view, Ref>;

  void AddModel(Ref model);
  void AddFields(Ref model);
  void AddEnum(Ref enumeration);
  void AddConfig(const ConfigBlock& block, std::string_view kind, Table& table, Ref ref);
  void AddDeclaration(const Identifier& name, Declaration top);
  void CheckNotBuiltIn(const Identifier& name);
  void CheckIdentifier(const Identifier& name, std::string_view item);
  void CheckAttributes(const std::vector<Attribute>& attributes);
  std::string_view KindOf(Declaration top) const;

  const Datamodel& datamodel_;
  Diagnostics& diagnostics_;
  std::unordered_map<std::string_view, Declaration> tops_;
  Table datasources_;
  Table generators_;
  std::vector<Table> fields_;       // by model
  std::vector<Table> enum_values_;  // by enum
  std::unordered_map<std::string, std::string_view> lowered_;
};

}  // namespace ballast::prisma
