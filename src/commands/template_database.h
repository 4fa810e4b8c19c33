// SPDX-License-Identifier: Apache-2.0
// `ballast deploy --template`: a database for one test run is a copy of a deployed one that the
// server keeps (CREATE DATABASE … TEMPLATE), so that it costs what the copy costs.
#pragma once

#include "commands/deploy.h"
#include "project/invocation.h"

namespace ballast::commands {

// Makes the database that the URL names, which must not be there yet (P1009). The first time a
// template is deployed beside it, as `deploy` would; it is named for all that is deployed, made
// complete before it gets that name, and closed for connections. Of a role's templates the eight
// newest stay. B608 when the deployed database has what a copy would lack (settings of the
// database, rights on it); B602 when the role may not create databases.
DeployReport DeployTemplate(const DeployOptions& options, const project::Invocation& invocation);

}  // namespace ballast::commands
