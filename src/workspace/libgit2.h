// SPDX-License-Identifier: Apache-2.0
// libgit2, loaded on first use: most commands do not need it, a container may not have it, and
// loading it at each start would take 1.7 ms.
#pragma once

#include <git2.h>

#include "base/bound_library.h"

namespace ballast::workspace {

#define BALLAST_GIT_FUNCTIONS(X)   \
  X(git_libgit2_init)              \
  X(git_libgit2_opts)              \
  X(git_error_last)                \
  X(git_repository_open_ext)       \
  X(git_repository_free)           \
  X(git_repository_is_shallow)     \
  X(git_repository_workdir)        \
  X(git_ignore_path_is_ignored)    \
  X(git_reference_name_to_id)      \
  X(git_reference_iterator_new)    \
  X(git_reference_iterator_free)   \
  X(git_reference_next_name)       \
  X(git_reference_lookup)          \
  X(git_reference_symbolic_target) \
  X(git_reference_free)            \
  X(git_revparse_single)           \
  X(git_object_peel)               \
  X(git_object_id)                 \
  X(git_object_free)               \
  X(git_commit_time)               \
  X(git_commit_tree)               \
  X(git_oid_tostr)                 \
  X(git_status_options_init)       \
  X(git_status_list_new)           \
  X(git_status_list_entrycount)    \
  X(git_status_list_free)          \
  X(git_tree_free)                 \
  X(git_tree_entry_bypath)         \
  X(git_tree_entry_free)           \
  X(git_tree_entrycount)           \
  X(git_tree_entry_byindex)        \
  X(git_tree_entry_name)           \
  X(git_tree_entry_filemode)       \
  X(git_tree_entry_id)             \
  X(git_tree_lookup)               \
  X(git_blob_lookup)               \
  X(git_blob_free)                 \
  X(git_blob_rawcontent)           \
  X(git_blob_rawsize)

// The library's functions by their own names: `git->git_repository_free(repository)`.
BALLAST_BOUND_LIBRARY(Libgit2, BALLAST_GIT_FUNCTIONS);

// Loaded and initialized once; null if the library is not installed. Repositories of other users
// are allowed, because containers often run as another user than the owner of the checkout.
const Libgit2* LoadLibgit2();

}  // namespace ballast::workspace
