// SPDX-License-Identifier: Apache-2.0
#include "assess/unreachable_extensions.h"

#include <fmt/format.h>

#include <set>

#include "apply/extension_hint.h"
#include "base/text.h"
#include "plan/required_extension_privileges.h"

namespace ballast::assess {

Result<std::vector<std::string>> UnreachableExtensions(const plan::Plan& plan,
                                                       postgres::Session& session) {
  std::set<std::string> names;
  for (const plan::ExtensionUse& use : plan::ExtensionUsesOf(plan)) {
    const bool creates = use.statement.act == sql::ExtensionAct::kCreate;
    const bool names_schema = ContainsIgnoringAsciiCase(use.statement.text, " schema ");
    if (creates && !names_schema) names.insert(use.statement.name);
  }
  std::vector<std::string> sentences;
  if (names.empty()) return sentences;
  TRY_ASSIGN(const auto found, apply::ExtensionsOutsidePath(session, {names.begin(), names.end()}));
  for (const apply::ExtensionOutsidePath& extension : found) {
    sentences.push_back(fmt::format("{}, where scripts do not find it: {}", extension.Description(),
                                    extension.Remedy()));
  }
  return sentences;
}

}  // namespace ballast::assess
