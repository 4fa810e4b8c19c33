// SPDX-License-Identifier: Apache-2.0
#include "workspace/libgit2.h"

namespace ballast::workspace {

BALLAST_DEFINE_LOAD(Libgit2, BALLAST_GIT_FUNCTIONS)

namespace {

#define BALLAST_TEXT_OF(x) #x
#define BALLAST_TEXT(x) BALLAST_TEXT_OF(x)
// The name under which the version that we were compiled against is installed.
constexpr char kLibrary[] =
    "libgit2.so." BALLAST_TEXT(LIBGIT2_VER_MAJOR) "." BALLAST_TEXT(LIBGIT2_VER_MINOR);

const Libgit2* Load() {
  static Libgit2 git;
  if (!git.Load(kLibrary, RTLD_NOW)) return nullptr;
  if (git.git_libgit2_init() < 0) return nullptr;
  git.git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
  return &git;
}

}  // namespace

const Libgit2* LoadLibgit2() {
  static const Libgit2* const git = Load();
  return git;
}

}  // namespace ballast::workspace
