// SPDX-License-Identifier: Apache-2.0
#include "scratch/install_line.h"

#include <gtest/gtest.h>

namespace ballast::scratch {
namespace {

TEST(InstallLineTest, FollowsTheSystem) {
  struct Case {
    const char* os_release;
    int major;
    const char* line;
  };
  const Case cases[] = {
      {"PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\n", 0,
       "apt-get update && apt-get install -y postgresql"},
      {"ID=debian\nVERSION_CODENAME=bookworm\n", 15,
       "apt-get update && apt-get install -y postgresql-15"},
      {"ID=debian\nVERSION_CODENAME=bookworm\n", 16,
       "apt-get update && apt-get install -y postgresql-common && "
       "/usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y && "
       "apt-get install -y postgresql-16"},
      {"ID=ubuntu\nVERSION_CODENAME=noble\n", 16,
       "apt-get update && apt-get install -y postgresql-16"},
      {"ID=linuxmint\nID_LIKE=ubuntu\nVERSION_CODENAME=virginia\nUBUNTU_CODENAME=jammy\n", 14,
       "apt-get update && apt-get install -y postgresql-14"},
      {"ID=debian\n", 15,
       "apt-get update && apt-get install -y postgresql-common && "
       "/usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y && "
       "apt-get install -y postgresql-15"},
      {"NAME=\"Linux Mint\"\nID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", 0,
       "apt-get update && apt-get install -y postgresql"},
      {"NAME=\"Alpine Linux\"\nID=alpine\nVERSION_ID=3.20.0\n", 0, "apk add postgresql"},
      {"ID=alpine\n", 16, "apk add postgresql16"},
      {"ID=fedora\nVERSION_ID=40\n", 0, "dnf install postgresql-server"},
      {"ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n", 16,
       "dnf module install postgresql:16/server"},
      {"ID='opensuse-leap'\nID_LIKE='suse opensuse'\n", 0, "zypper install postgresql-server"},
      {"ID=arch\n", 0, "pacman -S postgresql"},
      {"ID=unheard-of\n", 0, ""},
      {"VERSION_ID=debian\nIDS=alpine\n", 0, ""},
      {"", 0, ""},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(InstallLineFor(c.os_release, c.major), c.line) << c.os_release;
  }
}

}  // namespace
}  // namespace ballast::scratch
