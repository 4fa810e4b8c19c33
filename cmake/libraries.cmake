# The outside libraries, all from Debian's packages; each is used in one room only (ARCHITECTURE.md).
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(GTest REQUIRED)
find_package(nlohmann_json REQUIRED)

# docs/decisions/0006: a start may not cost more than the work. What every run needs is linked from its
# archive file; libpq and libgit2 are loaded when first asked for, so that here only their headers count.
# Of libarchive only tar and zstd come along.
function(ballast_static name header archive)
  find_path(${name}_INCLUDE ${header} REQUIRED)
  find_library(${name}_ARCHIVE ${archive} REQUIRED)
  add_library(${name} INTERFACE)
  target_include_directories(${name} SYSTEM INTERFACE ${${name}_INCLUDE})
  target_link_libraries(${name} INTERFACE ${${name}_ARCHIVE} ${ARGN})
endfunction()
function(ballast_headers name package)
  pkg_check_modules(${name} REQUIRED ${package})
  add_library(${name} INTERFACE)
  target_include_directories(${name} SYSTEM INTERFACE ${${name}_INCLUDE_DIRS})
  target_link_libraries(${name} INTERFACE ${CMAKE_DL_LIBS} ${ARGN})
endfunction()

ballast_static(sodium sodium.h libsodium.a)
ballast_static(zstd zstd.h libzstd.a)
ballast_static(nettle nettle/sha2.h libnettle.a)
ballast_static(archive archive.h libarchive.a zstd nettle)
# What is left out names further libraries, which is of no matter once it is left out, in every build.
target_link_options(archive INTERFACE -Wl,--gc-sections)
ballast_static(pg_query pg_query.h libpg_query.a)
ballast_headers(pq libpq)
ballast_headers(git2 libgit2)
ballast_headers(toml tomlplusplus)
target_compile_definitions(toml INTERFACE TOML_HEADER_ONLY=1)
