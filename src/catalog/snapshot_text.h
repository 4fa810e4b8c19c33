// SPDX-License-Identifier: Apache-2.0
// Computes fingerprints directly from the text of a snapshot (catalog.facts, hotfixes.facts,
// states.facts) without parsing it into values. A deploy verifies packages this way.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ballast::catalog {

struct TextFingerprints {
  std::string catalog;  // as Fingerprint(ParseSnapshot(text))
  std::string layout;   // as LayoutFingerprint(ParseSnapshot(text))

  bool operator==(const TextFingerprints&) const = default;
};

// The text must have the form that RenderSnapshot writes: lines of four fields, sorted bytewise,
// unique, each ended by a line feed. Otherwise B401 with the line.
Result<TextFingerprints> FingerprintsOfText(std::string_view text, const std::string& file);

// A state of states.facts, with its recorded fingerprint and the one computed from its text.
struct TextState {
  std::string name;
  std::string named_fingerprint;
  std::string fingerprint;

  bool operator==(const TextState&) const = default;
};

// `base` is the text of catalog.facts, already checked by FingerprintsOfText. `text` must have the
// form that RenderStates writes; otherwise B401 with the line.
Result<std::vector<TextState>> StatesOfText(std::string_view base, std::string_view text,
                                            const std::string& file);

}  // namespace ballast::catalog
