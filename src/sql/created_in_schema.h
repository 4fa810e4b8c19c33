// SPDX-License-Identifier: Apache-2.0
// Whether scripts certainly need the privilege CREATE on a schema (PostgreSQL manual, GRANT), to
// check before a deploy whether the role has it.
#pragma once

#include <string_view>
#include <vector>

namespace ballast::sql {

// Whether a statement creates an object in the schema, according to PostgreSQL's grammar: an object
// that it qualifies with it, or does not qualify. The schema is the session's current one (raw
// name). Reads until a statement after which that may not hold, or another role or other privileges
// may: SET search_path, SET ROLE, CREATE SCHEMA, code (DO, CALL, SELECT …). Leaves out what depends
// on where a table is (indexes) and whether an object exists (IF NOT EXISTS, if the server then
// needs no privilege).
bool CreateObjectIn(const std::vector<std::string_view>& scripts, std::string_view schema);

}  // namespace ballast::sql
