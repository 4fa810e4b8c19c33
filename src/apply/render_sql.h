// SPDX-License-Identifier: Apache-2.0
// A plan as a script for people to read and for psql to run.
#pragma once

#include <string>

#include "apply/executor.h"
#include "plan/observation.h"
#include "plan/plan.h"
#include "postgres/observe.h"
#include "postgres/url.h"

namespace ballast::apply {

// Does what Run would do on this database, in the same transactions: `psql -X -f` it as the same
// role. It ends at the first error and takes the deployment lock first. Where only ballast can make
// a comparison (the server's version prints some definitions differently), a comment says so.
std::string RenderSql(const plan::Plan& plan, const plan::Observation& observation,
                      const postgres::Target& target, const RunContext& context,
                      const postgres::ObserveOptions& options);

}  // namespace ballast::apply
