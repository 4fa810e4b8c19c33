# SPDX-License-Identifier: Apache-2.0
# Precompiled headers, made once for each way of compiling and shared by all targets that are compiled in that
# way. They contain only headers from outside of the repository, so that no change here makes them again. Every
# source includes what it uses all the same: the presets `dev` and `clang` compile without them.
set(BALLAST_SIZE_OPTIONS -Os)
set(BALLAST_TEST_OPTIONS -O0 -U_FORTIFY_SOURCE)

# _ballast_precompiled(WAY KIND HEADERS... [OPTIONS options...] [LIBRARIES libraries...])
function(_ballast_precompiled way kind)
  cmake_parse_arguments(PRECOMPILED "" "" "HEADERS;OPTIONS;LIBRARIES" ${ARGN})
  set(source ${CMAKE_BINARY_DIR}/precompiled/main.cc)
  file(CONFIGURE OUTPUT ${source} CONTENT "int main() {}\n")
  set(owner ballast_precompiled_${way})
  if(kind STREQUAL "PROGRAM")
    add_executable(${owner} EXCLUDE_FROM_ALL ${source})
  else()
    add_library(${owner} STATIC EXCLUDE_FROM_ALL ${source})
  endif()
  target_compile_options(${owner} PRIVATE ${PRECOMPILED_OPTIONS})
  target_link_libraries(${owner} PRIVATE ballast_options ${PRECOMPILED_LIBRARIES})
  target_precompile_headers(${owner} PRIVATE ${PRECOMPILED_HEADERS})
endfunction()

if(BALLAST_TUNE)
  # A further large header costs every source more than it saves: with the JSON library the smallest sources
  # take 0.66 s instead of 0.22 s.
  # For ccache: a precompiled header does not depend on the time, and preprocessing keeps its #include.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess>)
  else()
    add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")
  endif()
  set(common <algorithm> <array> <chrono> <cstdint> <cstdlib> <filesystem> <functional> <map> <memory> <optional>
      <set> <string> <string_view> <utility> <variant> <vector> <fmt/format.h>)
  _ballast_precompiled(speed LIBRARY HEADERS ${common})
  _ballast_precompiled(size LIBRARY HEADERS ${common} OPTIONS ${BALLAST_SIZE_OPTIONS})
  if(NOT BALLAST_LIBRARIES)  # a program, because programs are compiled with -fPIE
    _ballast_precompiled(tests PROGRAM HEADERS ${common} <gmock/gmock.h> <gtest/gtest.h>
                         OPTIONS ${BALLAST_TEST_OPTIONS} LIBRARIES GTest::gmock)
  endif()
endif()
