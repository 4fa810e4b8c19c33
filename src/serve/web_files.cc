// SPDX-License-Identifier: Apache-2.0
#include "serve/web_files.h"

#include <zstd.h>

#include "base/check.h"
#include "serve/embedded_files.h"

namespace ballast::serve {

const std::vector<WebFile>& WebFileList() {
  static const std::vector<WebFile> files = [] {
    std::vector<WebFile> all;
    for (const EmbeddedFile& file : EmbeddedFiles()) {
      std::string bytes(file.size, '\0');
      const size_t size = ZSTD_decompress(bytes.data(), bytes.size(), file.compressed.data(),
                                          file.compressed.size());
      BALLAST_CHECK(size == file.size);
      all.push_back({file.name, std::move(bytes)});
    }
    return all;
  }();
  return files;
}

}  // namespace ballast::serve
