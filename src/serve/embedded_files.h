// SPDX-License-Identifier: Apache-2.0
// The dashboard's files as the build embeds them (cmake/embed.cmake); web_files.h has their bytes.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace ballast::serve {

struct EmbeddedFile {
  std::string_view name;        // "index.html"
  std::string_view compressed;  // one zstd frame
  size_t size = 0;              // bytes of the file
};

const std::vector<EmbeddedFile>& EmbeddedFiles();

}  // namespace ballast::serve
