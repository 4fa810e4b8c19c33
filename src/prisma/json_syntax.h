// SPDX-License-Identifier: Apache-2.0
// Validates JSON, with the error messages of Rust's serde_json, which Prisma shows.
#pragma once

#include <string>
#include <string_view>

namespace ballast::prisma {

// Empty if the text is one JSON value; else "key must be a string at line 1 column 2".
std::string JsonError(std::string_view text);

}  // namespace ballast::prisma
