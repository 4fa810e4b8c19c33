// SPDX-License-Identifier: Apache-2.0
// Passwords and keys that scripts hold, so that no error shows them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ballast::sql {

// What stands after PASSWORD (or an option whose name speaks of a password, secret, token or key),
// and the passwords within connection strings and URLs in string constants; also in code that is
// itself a string. As it is written and as it is meant, each once, longest first.
std::vector<std::string> SecretsIn(std::string_view script);

// The text with each of them covered.
std::string WithoutSecrets(std::string text, const std::vector<std::string>& secrets);

}  // namespace ballast::sql
