// SPDX-License-Identifier: Apache-2.0
// Row security would hide rows from a count. Where it is off, the server refuses the query instead.
#pragma once

#include "base/error.h"

namespace ballast::change {

// Whether the server has refused a query because a policy would hide rows from the role.
bool IsHiddenByPolicy(const Error& error);

// B501 for such an error: what would be lost is not known.
Error HiddenRows(const Error& error);

}  // namespace ballast::change
