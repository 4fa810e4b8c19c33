// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "cli/render_text.h"

namespace ballast::cli {
namespace {

size_t CountOf(const std::vector<plan::Drift>& drifts, bool notes) {
  return static_cast<size_t>(std::count_if(
      drifts.begin(), drifts.end(),
      [&](const plan::Drift& drift) { return plan::IsDisagreement(drift) != notes; }));
}

// The differences, or the notes, under a heading for each kind.
void Section(const std::vector<plan::Drift>& all, const Style& style, bool notes, bool definitions,
             std::string& text) {
  std::vector<plan::Drift> drifts;
  std::copy_if(all.begin(), all.end(), std::back_inserter(drifts),
               [&](const plan::Drift& drift) { return plan::IsDisagreement(drift) != notes; });
  for (size_t at = 0; at < drifts.size(); ++at) {
    const plan::Drift& drift = drifts[at];
    const std::string title(plan::TitleOf(drift.kind));
    const bool first = at == 0 || drifts[at - 1].kind != drift.kind;
    if (first) text += notes ? "Note: " + title + ":\n" : style.Bold("✗ " + title) + ":\n";
    const bool changed = drift.difference.change == catalog::ChangeKind::kChanged;
    text +=
        "   " + (changed ? catalog::Describe(drift.difference) : drift.difference.object) + "\n";
    if (definitions) text += RenderDefinitions(drift.difference, style, "      ");
    const bool last = at + 1 == drifts.size() || drifts[at + 1].kind != drift.kind;
    if (last) text += fmt::format("   → {}\n", plan::RemedyOf(drift.kind));
  }
}

std::string AcceptedDifferences(const commands::SchemaCheckReport& report) {
  if (!report.agree || report.accepted == 0) return {};
  return " except for " + Counted(report.accepted, "accepted difference");
}

// "schema.prisma and the migrations do not agree (2 differences, 1 note)."
std::string Verdict(const commands::SchemaCheckReport& report) {
  const size_t differences = CountOf(report.schema, false) + CountOf(report.database, false);
  const size_t notes = CountOf(report.schema, true) + CountOf(report.database, true);
  std::vector<std::string> counts;
  if (differences > 0) counts.push_back(Counted(differences, "difference"));
  if (notes > 0) counts.push_back(Counted(notes, "note"));
  return fmt::format("{}{} {}{}{}.\n", report.agree ? "✅ " : "",
                     report.looked_at_database ? "schema.prisma, the migrations and the database"
                                               : "schema.prisma and the migrations",
                     report.agree ? "agree" : "do not agree", AcceptedDifferences(report),
                     counts.empty() ? "" : " (" + Join(counts, ", ") + ")");
}

}  // namespace

Page RenderText(const commands::SchemaCheckReport& report, const Style& style, bool definitions) {
  Page page;
  if (report.error) return page;
  for (const std::string& notice : report.notices) {
    page.err += style.Yellow("⚠️ ") + " " + notice + "\n";
  }
  for (const bool notes : {false, true}) {
    Section(report.schema, style, notes, definitions, page.out);
    Section(report.database, style, notes, definitions, page.out);
  }
  if (!report.accepted_in.empty()) {
    page.out += fmt::format("{} written to {}.\n", Counted(report.accepted, "accepted difference"),
                            report.accepted_in);
  } else if (report.accepted > 0) {
    page.out += fmt::format("{} left out (`accepted` in ballast.toml).\n",
                            Counted(report.accepted, "accepted difference"));
  }
  page.out += Verdict(report);
  return page;
}

}  // namespace ballast::cli
