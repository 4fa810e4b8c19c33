// SPDX-License-Identifier: Apache-2.0
// The parts of a datasource block that determine the database.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"

namespace ballast::workspace {

// A url in the schema: a literal, or the name of a variable.
struct UrlSource {
  std::string literal;
  std::string variable;  // of env("NAME")
  Place where;

  bool IsSet() const { return !literal.empty() || !variable.empty() || where.line > 0; }
  bool operator==(const UrlSource&) const = default;
};

struct DatasourceHint {
  std::string file;  // path of the schema file; empty: there is no datasource
  std::string provider;
  UrlSource url;
  UrlSource direct_url;
  std::vector<std::string> schemas;
  UrlSource shadow_url = {};

  bool operator==(const DatasourceHint&) const = default;
};

}  // namespace ballast::workspace
