# SPDX-License-Identifier: Apache-2.0
# Writes OUTPUT, a C++ source with the bytes of files, each compressed with zstd:
#   cmake -DOUTPUT=… "-DFILES=NAME=PATH,NAME=PATH" -P embed.cmake
# It defines ballast::serve::EmbeddedFiles (serve/embedded_files.h).
string(REPLACE "," ";" files "${FILES}")
set(arrays "")
set(rows "")
set(number 0)
foreach(entry IN LISTS files)
  string(REGEX MATCH "^([^=]+)=(.+)$" matched "${entry}")
  set(name ${CMAKE_MATCH_1})
  set(path ${CMAKE_MATCH_2})
  file(SIZE ${path} size)
  file(ARCHIVE_CREATE OUTPUT ${OUTPUT}.zst PATHS ${path} FORMAT raw COMPRESSION Zstd COMPRESSION_LEVEL 9)
  file(READ ${OUTPUT}.zst hex HEX)
  string(REGEX REPLACE "(................................................................)" "\\1\n" hex "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(APPEND arrays "constexpr unsigned char kFile${number}[] = {\n${bytes}0};\n")
  string(APPEND rows "    {\"${name}\", {reinterpret_cast<const char*>(kFile${number}), sizeof kFile${number} - 1}, ${size}},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(REMOVE ${OUTPUT}.zst)
file(WRITE ${OUTPUT}.new "// Made by cmake/embed.cmake.
#include \"serve/embedded_files.h\"

namespace ballast::serve {
namespace {

${arrays}
}  // namespace

const std::vector<EmbeddedFile>& EmbeddedFiles() {
  static const std::vector<EmbeddedFile> files = {
${rows}  };
  return files;
}

}  // namespace ballast::serve
")
file(RENAME ${OUTPUT}.new ${OUTPUT})
