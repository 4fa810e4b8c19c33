// SPDX-License-Identifier: Apache-2.0
// Distinguishes objects that a platform provides from those that the migrations create.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/session.h"

namespace ballast::introspect {

// Makes all objects of a scratch database members of the extension plpgsql, so that model, baseline
// and comparison ignore them like objects of extensions (pg_depend, deptype 'e'). Requires a
// superuser; B304 otherwise. Returns globs for catalog::IsCovered: "schema auth", "provided()".
Result<std::vector<std::string>> MarkAsPlatform(postgres::Session& session);

}  // namespace ballast::introspect
