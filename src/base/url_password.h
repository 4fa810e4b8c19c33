// SPDX-License-Identifier: Apache-2.0
// Masks passwords in URLs that are part of other texts.
#pragma once

#include <string>
#include <string_view>

namespace ballast {

// The text with the password of every URL in it ("scheme://user:password@host", "?password=…",
// "&sslpassword=…") replaced by "***". A password can contain any character but a blank, a quote
// and, in the first form, a slash. The same for a PostgreSQL URL with one slash, as in a path that
// was made of one. And those of the arguments that were remembered, with any character.
std::string MaskUrlPasswords(std::string text);

// From now on MaskUrlPasswords also finds the passwords of this argument of the command line, a URL
// or libpq's "host=… password=…", wherever the argument is repeated, as a part of a path, too. Not
// while another thread masks a text.
void RememberPasswordsOf(std::string_view argument);

// For a text that is one URL: only the password before the host, which can contain any character
// but a slash.
std::string MaskPasswordBeforeHost(std::string url);

}  // namespace ballast
