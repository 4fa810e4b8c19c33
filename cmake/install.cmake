# SPDX-License-Identifier: Apache-2.0
# `cmake --install build/release`: the program, its man pages and completions, its documents and its licence.
include(GNUInstallDirs)
install(TARGETS ballast RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES LICENSE README.md CHANGELOG.md SECURITY.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs)
if(NOT CMAKE_CROSSCOMPILING)  # the installed program writes them
  install(CODE "
    cmake_path(ABSOLUTE_PATH CMAKE_INSTALL_PREFIX OUTPUT_VARIABLE prefix)
    execute_process(COMMAND \"${CMAKE_SOURCE_DIR}/packaging/texts\" \"\$ENV{DESTDIR}\${prefix}/${CMAKE_INSTALL_BINDIR}/ballast\"
                            \"\$ENV{DESTDIR}\${prefix}/${CMAKE_INSTALL_DATAROOTDIR}\" COMMAND_ERROR_IS_FATAL ANY)")
endif()
