// SPDX-License-Identifier: Apache-2.0
// Scripts that cannot be sent.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace ballast::release {

// B307 with file, line and byte offset if the script has a NUL byte. PostgreSQL accepts none, and
// libpq would end the message there.
Status CheckNoNulByte(std::string_view script, const std::string& file);

}  // namespace ballast::release
