// SPDX-License-Identifier: Apache-2.0
// Text in a script that psql or a text editor understands and the server does not.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ballast::sql {

// What to change where the server reported an error of syntax or of an unknown name: commands,
// variables and rows for psql, invisible characters, typographic quotation marks. `offset` is the
// byte at which the server found the error, or the beginning of the statement. One sentence without
// a full stop; empty if the text has none of these.
std::string ForeignTextHint(std::string_view script, size_t offset);

}  // namespace ballast::sql
