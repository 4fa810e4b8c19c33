// SPDX-License-Identifier: Apache-2.0
// Extensions that are installed in a schema which is not on the session's search_path, so that
// scripts do not find their types, functions and operators without that schema.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "base/result.h"
#include "postgres/session.h"

namespace ballast::apply {

struct ExtensionOutsidePath {
  std::string name;           // quoted if necessary, as are the others
  std::string schema;         // where it is
  std::string target_schema;  // the first one of the search_path
  std::string path;           // the search_path with `schema` at its end
  std::string role;
  bool path_of_url = false;  // the URL names the schema, so the role's search_path does not count

  // "extension citext is installed in schema ext, which is not on the search_path"
  std::string Description() const;
  // "have an admin run: …"
  std::string Remedy() const;
};

// Those of `names`, in the order of their names. One message; errors as Session::Query.
Result<std::vector<ExtensionOutsidePath>> ExtensionsOutsidePath(
    postgres::Session& session, const std::vector<std::string>& names);

// Explains why a script did not find a type, function, operator or operator class: an extension has
// it in another schema. The session must be outside a transaction.
void AddExtensionHint(postgres::Session& session, Error& error);

}  // namespace ballast::apply
