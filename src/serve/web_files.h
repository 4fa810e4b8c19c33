// SPDX-License-Identifier: Apache-2.0
// The dashboard's files, embedded by the build (cmake/embed.cmake).
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
