// SPDX-License-Identifier: Apache-2.0
#include "release/line_endings.h"

#include <fmt/format.h>

#include <utility>

#include "base/text.h"

namespace ballast::release {

std::string WithLineFeeds(std::string_view text) {
  return ReplaceAll(std::string(text), "\r\n", "\n");
}

Error ConvertedLineEndings(std::string_view what, std::string file) {
  return MakeError(
      ErrorCode::kPackageEdited,
      fmt::format("the line endings of the package were converted, as git does with core.autocrlf "
                  "or eol=crlf: {} CRLF instead of LF",
                  what),
      "write the line `* -text` to .gitattributes in the package folder and commit that file; "
      "then, in the package folder: git rm -rq --cached . && git checkout HEAD -- .",
      {std::move(file), 0});
}

}  // namespace ballast::release
