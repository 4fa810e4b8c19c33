// SPDX-License-Identifier: Apache-2.0
// The files of the dashboard.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ballast::serve {

struct WebFile {
  std::string_view name;  // "index.html"
  std::string bytes;
};

// Decompressed by the first call; valid until the program ends.
const std::vector<WebFile>& WebFileList();

}  // namespace ballast::serve
