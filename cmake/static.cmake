# SPDX-License-Identifier: Apache-2.0
# The libraries of the static program, from the folder that packaging/static-libraries made for its
# architecture: headers in include/, archive files in lib/. Nothing is taken from the system except the
# compiler's own runtime and the C library.
set(folder ${BALLAST_STATIC_LIBRARIES})
if(NOT EXISTS ${folder}/.complete)
  message(FATAL_ERROR "${folder} is not complete; make it with packaging/static-libraries")
endif()
include_directories(SYSTEM ${folder}/include)
add_compile_definitions(BALLAST_STATIC)

# ballast_archives(NAME ARCHIVES... [LIBRARIES libraries...])
function(ballast_archives name)
  cmake_parse_arguments(OF "" "" "LIBRARIES" ${ARGN})
  add_library(${name} INTERFACE)
  foreach(archive ${OF_UNPARSED_ARGUMENTS})
    target_link_libraries(${name} INTERFACE ${folder}/lib/lib${archive}.a)
  endforeach()
  target_link_libraries(${name} INTERFACE ${OF_LIBRARIES})
endfunction()

ballast_archives(sodium sodium)
ballast_archives(zstd zstd)
ballast_archives(nettle nettle)
ballast_archives(archive archive LIBRARIES zstd nettle)
ballast_archives(pg_query pg_query)
ballast_archives(pq pq ssl crypto)
ballast_archives(git2 git2 http_parser z)
ballast_archives(toml)
target_compile_definitions(toml INTERFACE TOML_HEADER_ONLY=1)
ballast_archives(nlohmann_json)
add_library(nlohmann_json::nlohmann_json ALIAS nlohmann_json)

# One file, at any address (ASLR), without a dynamic loader. The compiler takes a later -pie for the
# dynamic kind, so CMake must not add its own. Packed relocations save a megabyte.
set(CMAKE_CXX_LINK_OPTIONS_PIE "")
add_link_options(-s -static-pie -Wl,--gc-sections -Wl,-z,pack-relative-relocs)
