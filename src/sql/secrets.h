// SPDX-License-Identifier: Apache-2.0
// Passwords and keys that scripts hold, so that no error shows them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ballast::sql {

// What comes after PASSWORD, or after a setting, option, column or argument whose name speaks of a
// password, secret, token or key, in any form of SQL or JSON; what INSERT puts into such a column;
// the arguments of functions that encrypt; and the passwords within connection strings and URLs in
// string constants. Also in code that is itself a string. As it is written and as it is meant, each
// once, longest first.
std::vector<std::string> SecretsIn(std::string_view script);

// The text with the secret covered where it is a word of its own; a part of a longer word is not
// it.
std::string WithoutSecret(std::string text, std::string_view secret);

// The same with each of them.
std::string WithoutSecrets(std::string text, const std::vector<std::string>& secrets);

}  // namespace ballast::sql
