// SPDX-License-Identifier: Apache-2.0
// Whether the database has the objects of others that the proof had (plan/outside_objects.h).
#pragma once

#include <vector>

#include "base/result.h"
#include "plan/intent.h"
#include "plan/outside_objects.h"
#include "postgres/session.h"
#include "project/project_context.h"

namespace ballast::assess {

// Those that the plan depends on and in which the database differs. One message, and none if the
// package names no such objects. Errors as postgres::SoughtObjectsExist.
Result<std::vector<plan::OtherObject>> FindOtherObjects(const plan::Plan& plan,
                                                        const plan::Intent& intent,
                                                        const project::Artifacts& artifacts,
                                                        postgres::Session& session);

}  // namespace ballast::assess
