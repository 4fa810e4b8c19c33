// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ballast::apply {

// A random UUID (version 4), for a row of the migrations table and for a run in the journal.
std::string RandomUuid();

}  // namespace ballast::apply
