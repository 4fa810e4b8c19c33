// SPDX-License-Identifier: Apache-2.0
#include "cli/render_squash.h"

#include <fmt/format.h>

#include "base/text.h"
#include "cli/render_json_internal.h"
#include "cli/safe_text.h"

namespace ballast::cli {
namespace {

void AddNextSteps(const commands::SquashReport& report, std::string& text) {
  text += fmt::format(
      "Existing databases follow at the next `ballast deploy`. With Prisma alone, run both (the "
      "SQL with `{}`), because `prisma migrate dev` resets a database with rows of removed "
      "migrations:\n",
      SafeLine(report.execute_command));
  text += "   " + SafeLine(report.resolve_command) + "\n";
  text += "   " + SafeLine(report.remove_rows_sql) + "\n";
  if (report.refresh.empty()) return;
  text += "Made from the old folders; create these again:\n";
  for (const std::string& command : report.refresh) text += "   → " + command + "\n";
}

}  // namespace

Page RenderText(const commands::SquashReport& report, const Style& style) {
  Page page;
  page.notices = RenderNotices(report.notices, style);
  if (report.error) return page;
  const bool made = report.changed || report.dry_run;
  if (!made) {
    page.out = fmt::format("✅ {} replaces {}; there is nothing to do.\n", SafeLine(report.name),
                           Counted(report.covered.size(), "migration"));
    return page;
  }
  page.out = fmt::format("{} {} {} with {} ({} bytes), proven on PostgreSQL {}.\n",
                         report.dry_run ? "Would replace" : "✅ Replaced",
                         Counted(report.covered.size(), "migration"),
                         report.removed.size() == report.covered.size()
                             ? std::string()
                             : fmt::format("({})", Counted(report.removed.size(), "folder")),
                         SafeLine(report.name), report.script_bytes, Join(report.servers, ", "));
  page.out = ReplaceAll(page.out, "  ", " ");
  if (!report.late.empty()) {
    page.out += fmt::format("Merged late, now included: {}\n", SafeLine(JoinSome(report.late)));
  }
  if (!report.baseline.empty()) {
    page.out +=
        fmt::format("✅ Created the development baseline in {} again.\n", SafeLine(report.baseline));
  }
  AddNextSteps(report, page.out);
  return page;
}

std::string RenderJson(const commands::SquashReport& report) {
  const Json json = {{"name", OrNull(report.name)},
                     {"changed", report.changed},
                     {"dry_run", report.dry_run},
                     {"covered", report.covered},
                     {"removed", report.removed},
                     {"following", report.following},
                     {"late", report.late},
                     {"fingerprint", OrNull(report.fingerprint)},
                     {"proof", {{"equal", !report.servers.empty()}, {"servers", report.servers}}},
                     {"script_bytes", report.script_bytes},
                     {"refresh", report.refresh},
                     {"baseline", OrNull(report.baseline)},
                     {"resolve_command", OrNull(report.resolve_command)},
                     {"remove_rows_sql", OrNull(report.remove_rows_sql)},
                     {"notices", report.notices},
                     {"error", ErrorJson(report.error)}};
  return JsonText(json);
}

}  // namespace ballast::cli
