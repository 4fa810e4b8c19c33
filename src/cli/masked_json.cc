// SPDX-License-Identifier: Apache-2.0
#include "cli/masked_json.h"

#include <nlohmann/json.hpp>
#include <string>

#include "base/url_password.h"

namespace ballast::cli {

void MaskPasswords(nlohmann::ordered_json& json) {
  if (json.is_string()) json = MaskUrlPasswords(json.get<std::string>());
  if (!json.is_structured()) return;
  for (auto& [key, value] : json.items()) {
    if (key != "sql") MaskPasswords(value);
  }
}

}  // namespace ballast::cli
