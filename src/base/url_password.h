// SPDX-License-Identifier: Apache-2.0
// Masks passwords in URLs that are part of other texts.
#pragma once

#include <string>

namespace ballast {

// The text with the password of every URL in it ("scheme://user:password@host", "?password=…",
// "&sslpassword=…") replaced by "***". A password can contain any character but a blank, a quote
// and, in the first form, a slash. The same for a PostgreSQL URL with one slash, as in a path that
// was made of one.
std::string MaskUrlPasswords(std::string text);

// For a text that is one URL: only the password before the host, which can contain any character
// but a slash.
std::string MaskPasswordBeforeHost(std::string url);

}  // namespace ballast
