// SPDX-License-Identifier: Apache-2.0
#include "apply/version_hint.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/sqlstate.h"

namespace ballast::apply {
namespace {

// With which an older or newer server refuses a script. (An undefined table: a system catalog's.)
constexpr std::array<std::string_view, 10> kStates = {sqlstate::kSyntaxError,
                                                      sqlstate::kUndefinedObject,
                                                      sqlstate::kUndefinedFunction,
                                                      sqlstate::kUndefinedTable,
                                                      sqlstate::kFeatureNotSupported,
                                                      sqlstate::kInvalidParameterValue,
                                                      sqlstate::kInvalidTableDefinition,
                                                      sqlstate::kInvalidObjectDefinition,
                                                      sqlstate::kUndefinedColumn,
                                                      sqlstate::kDatatypeMismatch};

}  // namespace

void AddVersionHint(const postgres::Session& session, int proven_on, Error& error) {
  if (session.server_major() >= proven_on) return;
  if (error.code == ErrorCode::kDrift) {
    error.message += fmt::format("; the database was proven on PostgreSQL {} and this server is {}",
                                 proven_on, session.server_version_text());
    error.hint =
        "if an expression has another type on this server (extract() before 14), cast it in the "
        "migrations; otherwise " +
        error.hint;
    return;
  }
  if (std::find(kStates.begin(), kStates.end(), error.Detail("sqlstate")) == kStates.end()) return;
  error.message += fmt::format(
      "; the database was proven on PostgreSQL {} and this server is {}, which may lack a feature",
      proven_on, session.server_version_text());
  if (error.partial || error.code == ErrorCode::kPartiallyApplied) return;
  error.hint = fmt::format(
      "deploy to PostgreSQL {} or newer, or change the migrations so that they do not need the "
      "feature",
      proven_on);
}

}  // namespace ballast::apply
