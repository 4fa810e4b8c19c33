// SPDX-License-Identifier: Apache-2.0
// Finds passwords and keys in scripts, so that no error message shows them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ballast::sql {

// Values after PASSWORD, or after a setting, option, column or argument whose name suggests a
// password, secret, token or key, in SQL or JSON; values that INSERT writes into such a column;
// arguments of encryption functions; and passwords in connection strings and URLs. Code in strings
// is searched, too. Both the written and the unescaped form, each once, longest first.
std::vector<std::string> SecretsIn(std::string_view script);

// The same in a message of the server, which quotes statements that code has composed: "SQL
// statement \"CREATE ROLE r PASSWORD 'x'\"".
std::vector<std::string> SecretsInMessage(std::string message);

// The text with the secret masked where it is a word of its own, not part of a longer word.
std::string WithoutSecret(std::string text, std::string_view secret);

// The same for each secret.
std::string WithoutSecrets(std::string text, const std::vector<std::string>& secrets);

}  // namespace ballast::sql
