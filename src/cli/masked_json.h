// SPDX-License-Identifier: Apache-2.0
// JSON without the passwords of URLs.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace ballast::cli {

// In every text but SQL ("sql"), in which a URL is a part of the migrations.
void MaskPasswords(nlohmann::ordered_json& json);

}  // namespace ballast::cli
