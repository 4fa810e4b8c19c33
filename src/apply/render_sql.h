// SPDX-License-Identifier: Apache-2.0
// Renders a plan as a script for people and for psql.
#pragma once

#include <string>

#include "apply/executor.h"
#include "plan/observation.h"
#include "plan/plan.h"
#include "postgres/observe.h"
#include "postgres/url.h"

namespace ballast::apply {

// Does what Run would do on this database, in the same transactions; to be run with `psql -X -f` by
// the same role. It stops at the first error and takes the deployment lock first. A comment marks
// comparisons that only ballast can make: if the server's version prints some definitions
// differently, or if the database has more or other objects than the proven state, because the
// server can only hash all of them.
std::string RenderSql(const plan::Plan& plan, const plan::Observation& observation,
                      const postgres::Target& target, const RunContext& context,
                      const postgres::ObserveOptions& options);

}  // namespace ballast::apply
