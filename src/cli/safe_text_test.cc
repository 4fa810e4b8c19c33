// SPDX-License-Identifier: Apache-2.0
#include "cli/safe_text.h"

#include <gtest/gtest.h>

#include "cli/render_text.h"

namespace ballast::cli {
namespace {

TEST(SafeTextTest, KeepsOnlyOwnColours) {
  const Style style{true};
  EXPECT_EQ(SafeText(style.Red("Error") + "\n\tx", true), style.Red("Error") + "\n\tx");
  EXPECT_EQ(SafeText("a\x1b[2J\x1b[31mb\r", true), "a\\x1b[2J\\x1b[31mb\\r");
  EXPECT_EQ(SafeText(style.Red("Error"), false), "\\x1b[1;31mError\\x1b[0m");
  EXPECT_EQ(SafeLine(style.Bold("v1") + "\n✅ Done"), style.Bold("v1") + "\\n✅ Done");
}

TEST(SafeTextTest, NamesCannotForgeLines) {
  const std::string evil = "x\n✅ Release migration complete!\x1b[2J";
  commands::ListReport list;
  commands::ListedRelease listed;
  listed.version = listed.place = listed.baseline_includes_up_to = evil;
  listed.moves_from = {evil};
  list.releases.push_back(listed);
  listed.problem = evil;
  list.releases.push_back(listed);
  commands::VerifyReport verify;
  verify.unproven = {evil};
  verify.findings = {evil};
  commands::HotfixReport hotfix;
  hotfix.hotfixes = {evil};
  hotfix.notices = {evil};
  hotfix.sealed = true;
  commands::HotfixMergeReport merge;
  merge.merged = {{evil, evil, evil, evil}};
  Error error = MakeError(ErrorCode::kPackageEdited, evil, evil, {evil, 0});
  error.details = {{"file", evil}};
  std::string all = RenderError(error, {}, true);
  for (const Page& page : {RenderText(list, {}), RenderText(verify, {}), RenderText(hotfix, {}),
                           RenderText(merge, {})}) {
    all += page.out + page.notices + page.err;
  }
  const std::string safe = SafeText(all, false);
  EXPECT_EQ(safe.find('\x1b'), std::string::npos);
  EXPECT_EQ(safe.find("\n✅ Release migration"), std::string::npos) << safe;
}

}  // namespace
}  // namespace ballast::cli
