# SPDX-License-Identifier: Apache-2.0
# The libraries of the published programs, from the folder that packaging/static-libraries made for their
# architecture: headers in include/, archive files in lib/.
#
# The static program (BALLAST_STATIC) links libpq, libgit2 and libcurl from there too, and nothing is left to load.
# The program of the Debian package links libgit2 of these: each distribution has another version of it. Only the
# sources that bind linked libraries are compiled differently (ballast_library_options), so ccache gives the other
# program of the same architecture nearly all of its objects.
set(folder ${BALLAST_LIBRARIES})
if(NOT EXISTS ${folder}/.complete)
  message(FATAL_ERROR "${folder} is not complete; make it with packaging/static-libraries")
endif()
if(CMAKE_CROSSCOMPILING)
  include_directories(SYSTEM ${folder}/include)
else()
  # The system's headers are of the same packages (tools/setup). ccache then takes most objects from the
  # normal build.
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(GIT2 REQUIRED libgit2)
  pkg_check_modules(PQ REQUIRED libpq)
  pkg_check_modules(CURL REQUIRED libcurl)
  include_directories(SYSTEM ${PQ_INCLUDE_DIRS} ${GIT2_INCLUDE_DIRS} ${CURL_INCLUDE_DIRS})
endif()

# ballast_archives(NAME ARCHIVES... [LIBRARIES libraries...]): each archive needs the ones after it, and the
# libraries. CMake orders the archives by that.
function(ballast_archives name)
  cmake_parse_arguments(OF "" "" "LIBRARIES" ${ARGN})
  set(needed ${OF_LIBRARIES})
  list(REVERSE OF_UNPARSED_ARGUMENTS)
  foreach(archive IN LISTS OF_UNPARSED_ARGUMENTS)
    if(NOT TARGET archive_${archive})
      add_library(archive_${archive} STATIC IMPORTED GLOBAL)
      set_target_properties(archive_${archive} PROPERTIES IMPORTED_LOCATION ${folder}/lib/lib${archive}.a)
      target_link_libraries(archive_${archive} INTERFACE ${needed})
    endif()
    list(PREPEND needed archive_${archive})
  endforeach()
  add_library(${name} INTERFACE)
  target_link_libraries(${name} INTERFACE ${needed})
endfunction()

ballast_archives(sodium sodium)
ballast_archives(zstd zstd)
ballast_archives(nettle nettle)
ballast_archives(archive archive LIBRARIES zstd nettle)
ballast_archives(pg_query pg_query)
ballast_archives(utf8proc utf8proc)
ballast_archives(toml)
target_compile_definitions(toml INTERFACE TOML_HEADER_ONLY=1)
ballast_archives(nlohmann_json)
add_library(nlohmann_json::nlohmann_json ALIAS nlohmann_json)
ballast_archives(sqlite3 sqlite3 LIBRARIES Threads::Threads ${CMAKE_DL_LIBS} m)
ballast_archives(httplib LIBRARIES Threads::Threads)
ballast_archives(prometheus prometheus-cpp-core LIBRARIES Threads::Threads)
if(NOT CMAKE_CROSSCOMPILING)
  include_directories(SYSTEM ${folder}/server/include)
endif()
add_link_options(-Wl,--gc-sections)

ballast_archives(git2 git2 http_parser z)
if(NOT BALLAST_STATIC)
  ballast_archives(pq LIBRARIES ${CMAKE_DL_LIBS})
  ballast_archives(curl LIBRARIES ${CMAKE_DL_LIBS})
  set(BALLAST_LINKED_LIBRARIES git2)
  return()
endif()

set(BALLAST_LINKED_LIBRARIES pq git2 curl)
ballast_archives(pq pq ssl crypto)
ballast_archives(curl curl ssl crypto)
# One file that runs at any address (ASLR) without a dynamic loader. The compiler takes a later -pie for
# the dynamic kind, so CMake must not add its own. Packed relocations save a megabyte. The warnings are
# about name lookups through shared libraries, which cli/static_program.cc rules out.
set(CMAKE_CXX_LINK_OPTIONS_PIE "")
add_link_options(-s -static-pie -Wl,-z,pack-relative-relocs -Wl,--no-warnings)
