// SPDX-License-Identifier: Apache-2.0
// What a server says of a feature that it does not have is explained by its version.
#pragma once

#include "base/error.h"
#include "postgres/session.h"

namespace ballast::apply {

// `proven_on`: the major version that the state which is being made was proven on; 0: none was.
// Adds to the message, and to the remedy where that is only about the script, if the server is
// older and what it said is what an older server says of words, types, functions and options that
// it lacks.
void AddVersionHint(const postgres::Session& session, int proven_on, Error& error);

}  // namespace ballast::apply
