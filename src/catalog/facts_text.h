// SPDX-License-Identifier: Apache-2.0
// Fingerprints straight from the text of facts (catalog.facts, hotfixes.facts, states.facts), as a
// deploy checks them: without building the facts as values.
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

// The text must be what RenderSnapshot writes: lines of four fields, sorted bytewise, each once,
// each ended by a line feed. B401 with the line where it is not.
Result<TextFingerprints> FingerprintsOfText(std::string_view text, const std::string& file);

// A state of states.facts: what its head says, and what its facts give.
struct TextState {
  std::string name;
  std::string named_fingerprint;
  std::string fingerprint;

  bool operator==(const TextState&) const = default;
};

// `base` is the text of catalog.facts, already checked by FingerprintsOfText; `text` what
// RenderStates writes. B401 with the line where it is not.
Result<std::vector<TextState>> StatesOfText(std::string_view base, std::string_view text,
                                            const std::string& file);

}  // namespace ballast::catalog
