// SPDX-License-Identifier: Apache-2.0
// The files of the dashboard, which the build puts into the program (cmake/embed.cmake).
#pragma once

#include <string_view>
#include <vector>

namespace ballast::serve {

struct WebFile {
  std::string_view name;  // "index.html"
  std::string_view bytes;
};

const std::vector<WebFile>& WebFileList();

}  // namespace ballast::serve
