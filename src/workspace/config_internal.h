// SPDX-License-Identifier: Apache-2.0
// Reads the values and the larger sections of ballast.toml. Only for config*.cc. Every error is
// B101 with the line in the file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "workspace/config.h"
#include "workspace/serve_config.h"
#include "workspace/toml.h"

namespace ballast::workspace {

Error ConfigError(const std::string& file, const toml::source_region& where, std::string message);

// The value of one key. Each function fails if the value does not have the type of its argument, or
// is an empty text or a list with one.
class ConfigSetting {
 public:
  ConfigSetting(const std::string& file, std::string_view key, const toml::node& node)
      : file_(file), key_(key), node_(node) {}

  Status Read(std::string* text) const;
  Status Read(std::optional<std::string>* text) const;
  Status Read(std::vector<std::string>* texts) const;
  Status Read(std::optional<int64_t>* milliseconds) const;
  Status ReadStrategy(std::string* strategy) const;
  // A variable that holds a secret, as "env:NAME".
  Status ReadReference(std::string* reference) const;

  // The key does not exist. The error names the nearest of the known ones.
  Status Unknown(const std::vector<std::string>& known = {}) const;

 private:
  Status MustBe(std::string_view expected) const;
  Status IsEmpty() const;

  const std::string& file_;
  std::string_view key_;
  const toml::node& node_;
};

// Whether it is 1 to 64 of A-Z a-z 0-9 . _ - and does not begin with a dot.
bool IsConfigName(std::string_view name);

// [serve]
Status ReadServe(const toml::node& node, const std::string& file, ServeConfig* serve);
// [thresholds]
Status ReadThresholds(const toml::node& node, const std::string& file, Config* config);

}  // namespace ballast::workspace
