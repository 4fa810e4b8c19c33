// SPDX-License-Identifier: Apache-2.0
// Scripts that end before their last statement does.
#pragma once

#include <string>
#include <string_view>

namespace ballast::apply {

// What a server reports for such a script alone, with the line of what is never closed: a
// parenthesis, or a string, comment or body in dollar quotes.
std::string CutOffText(std::string_view script);

// The same for the server's message about a script; empty if the script ends with a complete
// statement or the message is about something else.
std::string CutOffText(std::string_view script, std::string_view server_message);

// The server's message about a script in a longer message. What it quotes can continue after the
// end of the script, where that leaves a string open: then what CutOffText says, or the message
// with what is the script's.
std::string MessageWithinScript(std::string_view script, const std::string& server_message);

}  // namespace ballast::apply
