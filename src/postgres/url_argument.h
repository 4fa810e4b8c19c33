// SPDX-License-Identifier: Apache-2.0
// Values of --database-url for commands that ballast prints, without passwords.
#pragma once

#include <string>

#include "postgres/url.h"

namespace ballast::postgres {

// A word of a shell's command line: the URL with the database and the schema of `target`, and "***"
// instead of its password. Whoever runs the command reaches that database or none. Where the URL
// cannot be shown like this, UnknownUrlArgument.
std::string UrlArgument(const std::string& url, const Target& target);

// "…", which --database-url refuses.
std::string UnknownUrlArgument();

}  // namespace ballast::postgres
