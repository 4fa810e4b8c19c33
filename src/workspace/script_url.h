// SPDX-License-Identifier: Apache-2.0
// The URL object of JavaScript (WHATWG URL Standard), as far as it keeps the text of a database URL
// as it is; for script_value.cc.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "workspace/script_parser.h"

namespace ballast::workspace {

// Whether `new URL(text).href` is exactly the text: no part of it needs to be encoded or dropped.
bool IsPlainUrl(std::string_view text);

// Whether the path of a file is also the path of its URL: no character needs to be encoded.
bool IsPlainUrlPath(std::string_view path);

// `url.searchParams.set("a", "b")` and the like, also `append` and `delete`: its method.
// Empty: the call is another one, or of another name.
std::string_view SearchParameterMethod(const Expression& call, std::string_view name);

// The URL after that call; empty: it is not understood.
std::string WithSearchParameter(const std::string& url, std::string_view method,
                                const std::vector<std::string>& arguments);

// Replaces each top-level constant `new URL(…)` that only such calls change, before it is read, by
// an expression of the kind kChangedUrl.
void FollowUrlObjects(const std::vector<Token>& tokens, Script* script);

}  // namespace ballast::workspace
