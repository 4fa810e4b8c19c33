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

// The properties of a block by name; the last of several counts. Those asked for are taken out.
class Settings {
 public:
  explicit Settings(const ConfigBlock& block);

  // Nothing may follow "key =" but a value; reports the first that has none.
  static bool AllHaveValues(const ConfigBlock& block, std::string_view kind,
                            Diagnostics& diagnostics);

  // Null where the block does not say it.
  const Property* Take(std::string_view name);
  const Value* TakeValue(std::string_view name);

  // What nobody asked for, in the order of the source.
  std::vector<const Property*> Rest() const;

 private:
  std::map<std::string_view, const Property*> values_;
};

// env("NAME"), or a string; anything else is reported.
std::optional<UrlSetting> ReadUrl(const Value& value, Diagnostics& diagnostics);

// The elements of an array, or the value itself.
std::vector<const Value*> ElementsOf(const Value& value);

}  // namespace ballast::prisma
