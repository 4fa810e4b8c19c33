// SPDX-License-Identifier: Apache-2.0
// What the loaders of datasources and generators share.
#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "prisma/datasource.h"
#include "prisma/diagnostic.h"

namespace ballast::prisma {

// The properties of a block by name; the last duplicate wins. Take removes properties.
class Settings {
 public:
  explicit Settings(const ConfigBlock& block);

  // Requires a value after each "key ="; reports the first property without one.
  static bool AllHaveValues(const ConfigBlock& block, std::string_view kind,
                            Diagnostics& diagnostics);

  // Null if the block does not have it.
  const Property* Take(std::string_view name);
  const Value* TakeValue(std::string_view name);

  // Properties that were not taken, in source order.
  std::vector<const Property*> Rest() const;

 private:
  std::map<std::string_view, const Property*> values_;
};

// env("NAME"), or a string; anything else is reported.
std::optional<UrlSetting> ReadUrl(const Value& value, Diagnostics& diagnostics);

// The elements of an array, or the value itself.
std::vector<const Value*> ElementsOf(const Value& value);

}  // namespace ballast::prisma
