// SPDX-License-Identifier: Apache-2.0
// Snapshots of several states of one project as text. Each is stored as a difference from one base,
// because neighboring releases are nearly the same (docs/release-format.md, states.facts).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/snapshot.h"

namespace ballast::catalog {

struct KnownState {
  std::string name;         // "v4.0.0+hotfix.1"; without tabs and line feeds
  std::string fingerprint;  // Fingerprint(snapshot)
  Snapshot snapshot;

  bool operator==(const KnownState&) const = default;
};

// Per state: "state", tab, fingerprint, tab, name; then one line for each property that only the
// base has ("-") or only the state has ("+"). Deterministic; keeps the order of `states`.
std::string RenderStates(const Snapshot& base, const std::vector<KnownState>& states);

// B401 if the text is malformed or a state does not have its recorded fingerprint.
Result<std::vector<KnownState>> ParseStates(const Snapshot& base, std::string_view text,
                                            const std::string& file);

}  // namespace ballast::catalog
