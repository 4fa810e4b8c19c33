// SPDX-License-Identifier: Apache-2.0
#include "base/version.h"

namespace ballast {

const char* const kVersion = BALLAST_VERSION;

}  // namespace ballast
