// SPDX-License-Identifier: Apache-2.0
// Whether a text is JSON, told in the words of Rust's serde_json, which Prisma passes on.
#pragma once

#include <string>
#include <string_view>

namespace ballast::prisma {

// Empty when the text is one JSON value; else "key must be a string at line 1 column 2".
std::string ComplaintAboutJson(std::string_view text);

}  // namespace ballast::prisma
