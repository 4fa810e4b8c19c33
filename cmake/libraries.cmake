# SPDX-License-Identifier: Apache-2.0
# The external libraries, all from Debian's packages; tools/check_includes.py lists the places that may include each.
#
# Libraries that every run needs are linked from their archive files. libpq, libgit2 and libcurl are
# loaded when a command first needs them, so only their headers are used here (docs/decisions/0006). Published programs
# take all libraries from one folder (cmake/packaged_libraries.cmake).
find_package(Threads REQUIRED)
if(BALLAST_LIBRARIES)
  include(${CMAKE_CURRENT_LIST_DIR}/packaged_libraries.cmake)
  return()
endif()

find_package(PkgConfig REQUIRED)
find_package(GTest REQUIRED)
find_package(nlohmann_json REQUIRED)

function(ballast_static name header archive)
  find_path(${name}_INCLUDE ${header} REQUIRED)
  find_library(${name}_ARCHIVE ${archive} REQUIRED)
  add_library(${name} STATIC IMPORTED GLOBAL)
  set_target_properties(${name} PROPERTIES IMPORTED_LOCATION ${${name}_ARCHIVE}
                        INTERFACE_INCLUDE_DIRECTORIES ${${name}_INCLUDE})
  target_link_libraries(${name} INTERFACE ${ARGN})
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
# Only tar and zstd are used of libarchive. The rest of it refers to further libraries; the linker discards
# that code, and with it the references.
ballast_static(archive archive.h libarchive.a zstd nettle)
target_link_options(archive INTERFACE -Wl,--gc-sections)
ballast_static(utf8proc utf8proc.h libutf8proc.a)
ballast_static(pg_query pg_query.h libpg_query.a)
ballast_headers(pq libpq)
ballast_headers(git2 libgit2)
ballast_headers(curl libcurl)
ballast_headers(toml tomlplusplus)
target_compile_definitions(toml INTERFACE TOML_HEADER_ONLY=1)
# Only ballast serve. -lm, -ldl: what libsqlite3.a needs of the C library.
ballast_static(sqlite3 sqlite3.h libsqlite3.a Threads::Threads ${CMAKE_DL_LIBS} m)

# cpp-httplib and prometheus-cpp: Debian ships them as shared libraries, which every start of the program
# would have to load. packaging/server-libraries makes them from Debian's source packages, once per machine.
set(cache $ENV{XDG_CACHE_HOME})
if(NOT cache)
  set(cache $ENV{HOME}/.cache)
endif()
set(BALLAST_SERVER_LIBRARIES ${cache}/ballast/server-libraries CACHE PATH "Made by packaging/server-libraries")
execute_process(COMMAND dpkg --print-architecture OUTPUT_VARIABLE architecture OUTPUT_STRIP_TRAILING_WHITESPACE)
execute_process(COMMAND ${CMAKE_SOURCE_DIR}/packaging/server-libraries ${architecture} ${BALLAST_SERVER_LIBRARIES}
                RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "packaging/server-libraries failed: the sources of cpp-httplib and prometheus-cpp could not "
                      "be downloaded from Debian's archive, or not be compiled. Run tools/setup, then configure again.")
endif()
add_library(httplib INTERFACE)
target_include_directories(httplib SYSTEM INTERFACE ${BALLAST_SERVER_LIBRARIES}/include)
target_link_libraries(httplib INTERFACE Threads::Threads)
add_library(prometheus INTERFACE)
target_include_directories(prometheus SYSTEM INTERFACE ${BALLAST_SERVER_LIBRARIES}/include)
target_link_libraries(prometheus INTERFACE ${BALLAST_SERVER_LIBRARIES}/lib/libprometheus-cpp-core.a Threads::Threads)
