// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"

#include "base/url_password.h"

namespace ballast {

std::string Error::Detail(std::string_view name) const {
  for (const auto& [key, value] : details) {
    if (key == name) return value;
  }
  return {};
}

std::vector<std::string> Error::AllDetails(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [key, value] : details) {
    if (key == name) values.push_back(value);
  }
  return values;
}

Error MakeError(ErrorCode code, std::string message, std::string hint, Place where) {
  return Error{code,
               MaskUrlPasswords(std::move(message)),
               MaskUrlPasswords(std::move(hint)),
               std::move(where),
               {}};
}

ExitStatus StatusOf(const Error& error) {
  return error.partial ? ExitStatus::kPartial : StatusOf(error.code);
}

}  // namespace ballast
