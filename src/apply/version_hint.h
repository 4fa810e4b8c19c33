// SPDX-License-Identifier: Apache-2.0
// Explains server errors that are due to the server's version.
#pragma once

#include "base/error.h"
#include "postgres/session.h"

namespace ballast::apply {

// `proven_on`: the major version on which the target state was proven; 0: not proven. If the server
// is older and its error is typical for unknown keywords, types, functions and options, adds that
// to the message, and to the remedy if that concerns only the script. Where the
// catalog differs from the proven one, adds both versions.
void AddVersionHint(const postgres::Session& session, int proven_on, Error& error);

}  // namespace ballast::apply
