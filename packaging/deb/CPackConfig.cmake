# SPDX-License-Identifier: Apache-2.0
# CPack's settings for the Debian package. tools/dist says in the environment what changes: BALLAST_VERSION,
# BALLAST_ARCHITECTURE, BALLAST_STAGE (the tree to pack), BALLAST_GLIBC (the oldest version of the C library that
# the program runs with), BALLAST_HOMEPAGE, BALLAST_MAINTAINER.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME ballast)
set(CPACK_PACKAGE_VENDOR ballast)
set(CPACK_PACKAGE_VERSION $ENV{BALLAST_VERSION})
set(CPACK_PACKAGE_FILE_NAME ballast_$ENV{BALLAST_VERSION}_$ENV{BALLAST_ARCHITECTURE})
set(CPACK_INSTALLED_DIRECTORIES "$ENV{BALLAST_STAGE};/")
set(CPACK_PACKAGING_INSTALL_PREFIX /)

set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE $ENV{BALLAST_ARCHITECTURE})
set(CPACK_DEBIAN_PACKAGE_MAINTAINER $ENV{BALLAST_MAINTAINER})
set(CPACK_DEBIAN_PACKAGE_HOMEPAGE $ENV{BALLAST_HOMEPAGE})
set(CPACK_DEBIAN_PACKAGE_SECTION database)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
# libpq is loaded when a database is first talked to, libcurl when somebody is notified.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libc6 (>= $ENV{BALLAST_GLIBC}), libpq5 (>= 13)")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "ca-certificates, libcurl4")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "postgresql")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "deploy Prisma migrations to PostgreSQL from a proven baseline")
set(CPACK_PACKAGE_DESCRIPTION
"ballast consolidates hundreds of Prisma migrations into one baseline and
proves that it gives the same database: every object, property and row. A
deploy takes one transaction and commits only if the live catalog is the
proven one.

Making a release package needs the server programs of PostgreSQL.")
