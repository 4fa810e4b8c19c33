// SPDX-License-Identifier: Apache-2.0
// Tables with columns and keys, as JSON for the entity diagram.
#pragma once

#include <string>

#include "base/result.h"
#include "postgres/session.h"

namespace ballast::serve {

// {"tables": [{"schema", "name", "kind", "comment", "columns": [{"name", "type", "not_null",
// "key"}]}], "references": [{"name", "from", "to", "columns", "to_columns"}], "enums": [{"schema",
// "name", "values"}]}; "from" and "to" are "schema.name". All schemas except PostgreSQL's own and
// `ballast`; reads catalogs that every role can read. Errors as Session::Query.
Result<std::string> ReadEntityCatalog(postgres::Session& session);

}  // namespace ballast::serve
