// SPDX-License-Identifier: Apache-2.0
#include "change/named_losses.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/nearest_name.h"
#include "base/text.h"
#include "catalog/object_ref.h"
#include "change/object_globs.h"

namespace ballast::change {
namespace {

// "User.nick" for column "User"."nick".
std::string NameToWrite(const std::string& label) {
  return catalog::WithoutQuotes(label.substr(label.find(' ') + 1));
}

}  // namespace

Status CheckNamedLosses(const std::vector<std::string>& names, const std::string& option,
                        const std::vector<std::string>& losses) {
  std::vector<std::string> known;
  for (const std::string& label : losses) known.push_back(NameToWrite(label));
  for (const std::string& name : names) {
    if (name.find_first_of("*?") != std::string::npos) continue;
    const bool named = std::ranges::any_of(
        losses, [&](const std::string& label) { return IsNamed(label, {name}); });
    if (named) continue;
    return MakeError(ErrorCode::kUsageError,
                     fmt::format("{} {}: the change drops nothing with this name{}", option, name,
                                 DidYouMean(name, known)),
                     known.empty() ? fmt::format("omit {}: no data would be lost", option)
                                   : fmt::format("what it can lose: {}", JoinSome(known)));
  }
  return {};
}

}  // namespace ballast::change
