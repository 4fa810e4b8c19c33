// SPDX-License-Identifier: Apache-2.0
#include "apply/version_hint.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ballast::apply {
namespace {

// syntax_error, undefined_object, undefined_function, undefined_table (a system catalog's),
// feature_not_supported, invalid_parameter_value, invalid_table_definition,
// invalid_object_definition, undefined_column, datatype_mismatch.
constexpr std::array<std::string_view, 10> kStates = {"42601", "42704", "42883", "42P01", "0A000",
                                                      "22023", "42P16", "42P17", "42703", "42804"};

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
  if (error.code == ErrorCode::kPartiallyApplied) return;
  error.hint = fmt::format(
      "deploy to PostgreSQL {} or newer, or change the migrations so that they do not need the "
      "feature",
      proven_on);
}

}  // namespace ballast::apply
