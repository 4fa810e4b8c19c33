// SPDX-License-Identifier: Apache-2.0
// Finds scripts that name a schema explicitly, and so do not follow the session's search_path.
#pragma once

#include <string_view>

namespace ballast::sql {

// Whether the script names the schema, according to PostgreSQL's grammar: as a part of a name, with
// SCHEMA, in a search_path, or as `schema.` in the body of a function or of DO. Creating the schema
// alone does not count. A script that the grammar cannot parse names it if its text contains it.
bool NamesSchema(std::string_view script, std::string_view schema);

}  // namespace ballast::sql
