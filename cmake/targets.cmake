# SPDX-License-Identifier: Apache-2.0
# Each folder in src/ is a static library with the list of folders that it may include.
# tools/check_includes.py compares the #include lines with the same lists.

add_library(ballast_options INTERFACE)
target_compile_options(ballast_options INTERFACE -Wall -Wextra -Werror -fno-omit-frame-pointer)
# Names of source files in messages do not depend on where the source is, so that every build of a
# commit is the same. (ccache passes names relative to the build folder.)
target_compile_options(ballast_options INTERFACE -fmacro-prefix-map=${CMAKE_SOURCE_DIR}/= -fmacro-prefix-map=../../=)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 warns of std::string's own operator+ (GCC bug 105651).
  target_compile_options(ballast_options INTERFACE -Wno-restrict)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_link_options(ballast_options INTERFACE -Wl,--gc-sections -Wl,--as-needed)
  target_compile_options(ballast_options INTERFACE -ffunction-sections -fdata-sections)
else()
  target_compile_definitions(ballast_options INTERFACE _GLIBCXX_ASSERTIONS)
endif()
if(BALLAST_SANITIZE)
  target_compile_options(ballast_options INTERFACE -fsanitize=${BALLAST_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(ballast_options INTERFACE -fsanitize=${BALLAST_SANITIZE})
endif()
if(BALLAST_FUZZ)
  target_compile_options(ballast_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
target_include_directories(ballast_options INTERFACE ${CMAKE_SOURCE_DIR}/src)

# How the released program and its tests are compiled, by what was measured (g++ 12, CPU time):
# - Folders whose code takes time that a user waits for (hashes, scripts) are compiled for speed. The others wait
#   for the server and the disk; -Os takes 28 % less time for them and halves their size.
# - Tests spend their time in the program and the server, so -O0 costs them nothing and saves 40 %.
# - A unity build compiles several files of a folder as one, which halves the time. So names in anonymous
#   namespaces differ within a folder. The presets `dev` and `clang` compile each file alone.
# - Precompiled headers of the standard library, fmt, and for tests GoogleTest: see precompiled.cmake.
option(BALLAST_TUNED "Compile each folder and the tests by what was measured" ON)
set(BALLAST_FOLDERS_FOR_SPEED base sql)
set(BALLAST_FILES_AT_ONCE 5)
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND BALLAST_TUNED)
  set(BALLAST_TUNE ON)
endif()
include(${CMAKE_CURRENT_LIST_DIR}/precompiled.cmake)

# ballast_test_options(TARGET): what every test program and library of tests is compiled with.
function(ballast_test_options target)
  if(BALLAST_TUNE)
    target_compile_options(${target} PRIVATE ${BALLAST_TEST_OPTIONS})
    get_target_property(type ${target} TYPE)
    if(type STREQUAL "STATIC_LIBRARY")  # as programs are, to share their precompiled header
      set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
      target_compile_options(${target} PRIVATE -fPIE)
    endif()
    target_precompile_headers(${target} REUSE_FROM ballast_precompiled_tests)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${BALLAST_FILES_AT_ONCE})
  endif()
endfunction()

# ballast_library_options(NAME SOURCES...): the choices above, for one folder.
function(ballast_library_options name)
  foreach(source IN LISTS ARGN)
    if(source MATCHES "/(lib[a-z0-9]+|static_program)\\.cc$")
      # They are compiled alone in every build, so that the other files are joined the same way in every build.
      set_source_files_properties(${source} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    endif()
    if(source MATCHES "/lib([a-z0-9]+)\\.cc$" AND CMAKE_MATCH_1 IN_LIST BALLAST_LINKED_LIBRARIES)
      set_source_files_properties(${source} PROPERTIES COMPILE_DEFINITIONS BALLAST_LINKED)
    elseif(BALLAST_STATIC AND source MATCHES "/static_program\\.cc$")
      set_source_files_properties(${source} PROPERTIES COMPILE_DEFINITIONS BALLAST_STATIC)
    endif()
  endforeach()
  if(NOT BALLAST_TUNE)
    return()
  endif()
  if(name IN_LIST BALLAST_FOLDERS_FOR_SPEED)
    target_precompile_headers(ballast_${name} REUSE_FROM ballast_precompiled_speed)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      # Bug 105651 again, which warns of more where <string> is precompiled.
      target_compile_options(ballast_${name} PRIVATE -Wno-array-bounds -Wno-stringop-overflow)
    endif()
  else()
    target_compile_options(ballast_${name} PRIVATE ${BALLAST_SIZE_OPTIONS})
    target_precompile_headers(ballast_${name} REUSE_FROM ballast_precompiled_size)
  endif()
  set_target_properties(ballast_${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${BALLAST_FILES_AT_ONCE})
endfunction()

# ballast_library(NAME [LONG_TESTS] [DEPENDS folders...] [LIBRARIES outside libraries...])
# Unit tests are next to what they prove, as *_test.cc, and become one program, NAME_test. With LONG_TESTS, its
# suites Long* take seconds and are not in the fast ones; suites Slow* take longer, and run with ./test -L slow.
function(ballast_library name)
  cmake_parse_arguments(ARG "LONG_TESTS" "" "DEPENDS;LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(TRANSFORM ARG_DEPENDS PREPEND ballast_)
  if(NOT sources)  # only headers
    add_library(ballast_${name} INTERFACE)
    target_link_libraries(ballast_${name} INTERFACE ballast_options ${ARG_DEPENDS})
    return()
  endif()
  add_library(ballast_${name} STATIC ${sources})
  target_link_libraries(ballast_${name} PUBLIC ballast_options ${ARG_DEPENDS} PRIVATE ${ARG_LIBRARIES})
  ballast_library_options(${name} ${sources})
  if(tests AND NOT BALLAST_LIBRARIES)
    add_executable(${name}_test ${tests})
    ballast_test_options(${name}_test)
    target_link_libraries(${name}_test PRIVATE ballast_${name} ${ARG_LIBRARIES} GTest::gmock_main)
    add_test(NAME ${name} COMMAND ${name}_test "--gtest_filter=-Long*:Slow*")
    set_tests_properties(${name} PROPERTIES LABELS fast ENVIRONMENT "BALLAST_SOURCE_DIR=${CMAKE_SOURCE_DIR}")
    if(ARG_LONG_TESTS)
      add_test(NAME ${name}_long COMMAND ${name}_test "--gtest_filter=Long*")
      set_tests_properties(${name}_long PROPERTIES LABELS unit ENVIRONMENT "BALLAST_SOURCE_DIR=${CMAKE_SOURCE_DIR}")
      add_test(NAME ${name}_slow COMMAND ${name}_test "--gtest_filter=Slow*")
      set_tests_properties(${name}_slow PROPERTIES LABELS slow TIMEOUT 3600 ENVIRONMENT "BALLAST_SOURCE_DIR=${CMAKE_SOURCE_DIR}")
    endif()
  endif()
endfunction()
