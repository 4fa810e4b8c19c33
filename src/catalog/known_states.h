// SPDX-License-Identifier: Apache-2.0
// The catalogs of several states of one project as text, each told by what differs from one base:
// states of neighbouring releases are nearly the same (docs/release-format.md, states.facts).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/snapshot.h"

namespace ballast::catalog {

struct KnownState {
  std::string name;         // "v4.0.0+hotfix.1"; no tab, no line feed
  std::string fingerprint;  // Fingerprint(facts)
  Snapshot snapshot;

  bool operator==(const KnownState&) const = default;
};

// "state", tab, fingerprint, tab, name; then "-" or "+" and a fact for each line that the base has
// and the state has not, and the other way round. Deterministic; the order of `states` is kept.
std::string RenderStates(const Snapshot& base, const std::vector<KnownState>& states);

// B401 when it is malformed, or when a state's facts do not have its fingerprint.
Result<std::vector<KnownState>> ParseStates(const Snapshot& base, std::string_view text,
                                            const std::string& file);

}  // namespace ballast::catalog
