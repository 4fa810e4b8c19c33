// SPDX-License-Identifier: Apache-2.0
// The names with which users allow losses: --drop NAME, --accept-data-loss NAME.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace ballast::change {

// B100 if a name without * and ? is that of nothing that the change can lose; the error suggests
// the nearest. `option`: "--drop"; `losses`: the labels of what can be lost (object_globs.h).
Status CheckNamedLosses(const std::vector<std::string>& names, const std::string& option,
                        const std::vector<std::string>& losses);

}  // namespace ballast::change
