// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace ballast::release {

// An object that migrations look for and do not make (sql/sought_objects.h), for manifest.json.
struct OutsideObject {
  std::string kind;  // sql::NameOf(SoughtKind)
  std::string schema;
  std::string name;
  bool is_sql = false;
  bool exists = false;                 // on the scratch server, before the migrations
  std::vector<std::string> sought_by;  // the migrations
  bool operator==(const OutsideObject&) const = default;
};

}  // namespace ballast::release
