// SPDX-License-Identifier: Apache-2.0
// Objects of a database that scripts will collide with: they have a name that a statement needs, or
// they depend on what a statement drops or gives another type.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/session.h"
#include "sql/script_needs.h"

namespace ballast::introspect {

struct ScriptConflict {
  enum class Kind {
    kTaken,      // it has the name that the need asks for
    kDependent,  // it depends on what is dropped without CASCADE or gets another type
    kDropped,    // CASCADE drops it
    kRemoved,    // a statement that names it drops it
    kGoes,       // it is dropped by all of that, or with the object that it belongs to
    kReplaced    // a statement replaces it (OR REPLACE), unless it is a routine of that source
  };
  Kind kind = Kind::kTaken;
  size_t need = 0;          // its place among the needs
  std::string object_kind;  // "view", "constraint"
  std::string object;       // as in reports: "view ov", "constraint \"x_a_fkey\" on o.x"
  std::string identity;     // as in a snapshot: "ov", "o.x.x_a_fkey"
  std::string target;       // of a need that drops or changes: "column \"User\".n"
};

// In the order of the needs. Names in `schema`, which is also that of names without a schema, are
// unqualified. Objects that an earlier statement drops, also by CASCADE, are no conflict. Members
// of extensions are none either. One message; none without needs. Errors as Session::Query.
Result<std::vector<ScriptConflict>> ReadScriptConflicts(postgres::Session& session,
                                                        const std::string& schema,
                                                        const sql::ScriptNeeds& needs);

}  // namespace ballast::introspect
