#include "workspace/libgit2.h"

#include <dlfcn.h>

namespace ballast::workspace {
namespace {

#define BALLAST_TEXT_OF(x) #x
#define BALLAST_TEXT(x) BALLAST_TEXT_OF(x)
// The name under which the version that we were compiled against is installed.
constexpr char kLibrary[] =
    "libgit2.so." BALLAST_TEXT(LIBGIT2_VER_MAJOR) "." BALLAST_TEXT(LIBGIT2_VER_MINOR);

bool Bind(void* library, Libgit2* git) {
#define BALLAST_GIT_BIND(name)                                              \
  git->name = reinterpret_cast<decltype(git->name)>(dlsym(library, #name)); \
  if (git->name == nullptr) return false;
  BALLAST_GIT_FUNCTIONS(BALLAST_GIT_BIND)
#undef BALLAST_GIT_BIND
  return true;
}

const Libgit2* Load() {
  static Libgit2 git;
  void* library = dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr || !Bind(library, &git)) return nullptr;
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
