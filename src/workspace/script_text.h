// SPDX-License-Identifier: Apache-2.0
// The methods of JavaScript texts; for script_value.cc.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ballast::workspace {

// One of them is set; none: the call is not understood.
struct TextResult {
  std::optional<std::string> text;
  std::optional<bool> is_true;
  std::optional<std::vector<std::string>> list;
};

// encodeURIComponent of ECMAScript: all but its unreserved marks.
std::string EncodedUriComponent(std::string_view text);

bool IsTextMethod(std::string_view name);

// `arguments`: texts; numbers in decimal. Methods that count or change letters are understood for
// ASCII only.
TextResult CallMethodOfText(const std::string& text, std::string_view name,
                            const std::vector<std::string>& arguments);

}  // namespace ballast::workspace
