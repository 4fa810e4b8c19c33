// SPDX-License-Identifier: Apache-2.0
// `ballast deploy --template`: creates a database for a test run as a copy of a deployed template
// on the server (CREATE DATABASE … TEMPLATE), which takes only as long as the copy.
#pragma once

#include "commands/deploy.h"
#include "project/invocation.h"

namespace ballast::commands {

// Creates the database of the URL, which must not exist (P1009). The template is deployed on first
// use, as by `deploy`. Its name depends on everything that is deployed; it gets that name when it
// is complete, and accepts no connections. The eight newest templates of a role are kept. B608 if
// the deployed database has what a copy would lack (database settings, privileges on the database);
// B602 if the role may not create databases.
DeployReport DeployTemplate(const run::DeployOptions& options,
                            const project::Invocation& invocation);

}  // namespace ballast::commands
