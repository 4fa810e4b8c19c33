# The outside libraries, all from Debian's packages; each is used in one room only (ARCHITECTURE.md).
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(GTest REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(fmt REQUIRED)
pkg_check_modules(PQ REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(ARCHIVE REQUIRED IMPORTED_TARGET libarchive)
pkg_check_modules(GIT2 REQUIRED IMPORTED_TARGET libgit2)
pkg_check_modules(TOML REQUIRED IMPORTED_TARGET tomlplusplus)

find_path(PG_QUERY_INCLUDE pg_query.h REQUIRED)
find_library(PG_QUERY_LIBRARY pg_query REQUIRED)
add_library(pg_query INTERFACE)
target_include_directories(pg_query SYSTEM INTERFACE ${PG_QUERY_INCLUDE})
target_link_libraries(pg_query INTERFACE ${PG_QUERY_LIBRARY})

# docs/decisions/0006: of libarchive only tar and zstd come along when it is linked from its archive
# file; the shared one brings libxml2, ICU and a dozen more into every start.
find_library(ARCHIVE_FILE libarchive.a)
add_library(archive INTERFACE)
if(ARCHIVE_FILE AND CMAKE_BUILD_TYPE STREQUAL "Release")
  target_include_directories(archive SYSTEM INTERFACE ${ARCHIVE_INCLUDE_DIRS})
  target_link_libraries(archive INTERFACE ${ARCHIVE_FILE} PkgConfig::ZSTD nettle)
else()
  target_link_libraries(archive INTERFACE PkgConfig::ARCHIVE)
endif()
