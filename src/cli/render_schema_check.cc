// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.h"
#include "cli/render_text.h"

namespace ballast::cli {
namespace {

void Section(const std::vector<plan::Drift>& drifts, const Style& style, bool definitions,
             std::string& text) {
  for (size_t at = 0; at < drifts.size(); ++at) {
    const plan::Drift& drift = drifts[at];
    const bool first = at == 0 || drifts[at - 1].kind != drift.kind;
    if (first) text += style.Bold(plan::TitleOf(drift.kind)) + ":\n";
    const bool changed = drift.difference.change == catalog::ChangeKind::kChanged;
    text +=
        "   " + (changed ? catalog::Describe(drift.difference) : drift.difference.object) + "\n";
    if (definitions) text += RenderDefinitions(drift.difference, style, "      ");
    const bool last = at + 1 == drifts.size() || drifts[at + 1].kind != drift.kind;
    if (last) text += fmt::format("   → {}\n", plan::RemedyOf(drift.kind));
  }
}

}  // namespace

Page RenderText(const commands::SchemaCheckReport& report, const Style& style, bool definitions) {
  Page page;
  if (report.error) return page;
  for (const std::string& notice : report.notices) {
    page.err += style.Yellow("⚠️ ") + " " + notice + "\n";
  }
  Section(report.schema, style, definitions, page.out);
  Section(report.database, style, definitions, page.out);
  if (!report.accepted_in.empty()) {
    page.out += fmt::format("{} written to {}.\n", Counted(report.accepted, "accepted difference"),
                            report.accepted_in);
  } else if (report.accepted > 0) {
    page.out += fmt::format("{} left out (`accepted` in ballast.toml).\n",
                            Counted(report.accepted, "accepted difference"));
  }
  const char* who = report.looked_at_database ? "schema.prisma, the migrations and the database"
                                              : "schema.prisma and the migrations";
  page.out +=
      report.agree ? fmt::format("✅ {} agree.\n", who) : fmt::format("{} do not agree.\n", who);
  return page;
}

}  // namespace ballast::cli
