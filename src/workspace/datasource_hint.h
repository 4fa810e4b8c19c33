// SPDX-License-Identifier: Apache-2.0
// What the workspace needs to know of a datasource block: where the database is, in words.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"

namespace ballast::workspace {

// A url as it is written down: a text, or the name of a variable.
struct UrlSource {
  std::string literal;
  std::string variable;  // of env("NAME")
  Place where;

  bool IsSet() const { return !literal.empty() || !variable.empty() || where.line > 0; }
  bool operator==(const UrlSource&) const = default;
};

struct DatasourceHint {
  std::string file;  // as the schema file's path; empty: there is no datasource
  std::string provider;
  UrlSource url;
  UrlSource direct_url;
  std::vector<std::string> schemas;

  bool operator==(const DatasourceHint&) const = default;
};

}  // namespace ballast::workspace
