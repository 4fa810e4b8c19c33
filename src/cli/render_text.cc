// SPDX-License-Identifier: Apache-2.0
#include "cli/render_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/shell_word.h"
#include "base/text.h"
#include "cli/safe_text.h"
#include "cli/target_line.h"
#include "cli/text_lines.h"

namespace ballast::cli {
namespace {

std::string Short(const std::string& fingerprint) {
  return fingerprint.substr(0, 12);
}

std::string Seconds(double ms) {
  return ms < 10 ? fmt::format("{:.3f} s", ms / 1000) : fmt::format("{:.2f} s", ms / 1000);
}

// For people; JSON has the names of plan::NameOf.
std::string_view DescriptionOf(plan::Found found, plan::Strategy strategy) {
  switch (found) {
    case plan::Found::kNotManaged:
      return "not managed (it has objects, but no rows in _prisma_migrations)";
    case plan::Found::kOtherStrategy:
      return strategy == plan::Strategy::kRelease
                 ? "managed, with the rows of the development or history strategy"
                 : "managed, with the rows of the release strategy, or of deleted migrations";
    default:
      return plan::NameOf(found);
  }
}

std::string Size(size_t bytes) {
  return bytes < 1024 ? Counted(bytes, "byte") : fmt::format("{} KB", bytes / 1024);
}

void Remedies(std::string& text, const std::vector<std::string>& remedies) {
  for (const std::string& remedy : remedies) Line(text, "   → " + remedy);
}

// What the compared catalog should equal: "the history of 691 migrations and 1 hotfix".
std::string ProvenHistory(const commands::DeployReport& report) {
  const size_t covered = report.release ? static_cast<size_t>(report.release->migration_count)
                                        : report.compared_migrations;
  if (covered == 0) return "its proven state";
  const bool compared_hotfixes = report.release && report.scripts_not_compared == 0;
  const size_t hotfixes = compared_hotfixes ? report.release->hotfixes : 0;
  std::string history = "the history of " + Counted(covered, "migration");
  if (hotfixes > 0) history += fmt::format(" and {} hotfix{}", hotfixes, hotfixes == 1 ? "" : "es");
  return history;
}

// Whether a remark names the state that the database equals, as with --adopt, and nothing ran that
// changed it.
bool NamesEqualState(const commands::DeployReport& report) {
  return report.applied.empty() &&
         std::ranges::any_of(commands::RemarksOf(report), [](const std::string& remark) {
           return remark.starts_with("the database equals ");
         });
}

// The result of the comparison; empty if there was none.
std::string Compared(const commands::DeployReport& report) {
  const std::string history = ProvenHistory(report);
  if (!report.fingerprint_before_scripts.empty()) {
    return fmt::format("; it equaled {} (fingerprint {}…) before {} ran that no proof covers",
                       history, Short(report.fingerprint_before_scripts),
                       Counted(report.scripts_not_compared, "script"));
  }
  if (report.run.fingerprint_actual.empty()) return {};
  if (NamesEqualState(report)) {
    return fmt::format("; its fingerprint is {}…", Short(report.run.fingerprint_actual));
  }
  const size_t left = report.run.drift.size() + report.ignored.size();
  return fmt::format("; the database equals {}{} (fingerprint {}…)", history,
                     left == 0 ? "" : " except for " + Counted(left, "difference"),
                     Short(report.run.fingerprint_actual));
}

std::string Deployed(const commands::DeployReport& report) {
  return fmt::format("💡 Deployed in {} ({}){}", Seconds(report.run.duration_ms.value_or(0)),
                     Counted(report.run.round_trips, "round trip"), Compared(report));
}

void ReleaseHead(std::string& text, const commands::DeployReport& report) {
  if (!report.release) return;
  Line(text, report.on_release_branch ? "🎯 Release branch detected with optimized migration package"
                                      : "🎯 Release strategy with optimized migration package (" +
                                            report.strategy_reason + ")");
  Line(text, "📦 Release Version: " + report.release->version);
  Line(text, fmt::format("📊 Migrations consolidated: {} → 1", report.release->migration_count));
}

void Applied(std::string& text, const std::vector<std::string>& names) {
  if (names.empty()) return;
  Line(text, "The following migrations have been applied:");
  List(text, names);
}

void DevelopmentDone(std::string& text, const commands::DeployReport& report) {
  const bool baseline = report.found == plan::Found::kFresh && report.covered > 0;
  if (baseline) Line(text, "🎯 Fresh database detected - using optimized baseline migration");
  if (report.covered > 0) {
    Line(text, fmt::format("🏷️  Marked {} as applied", Counted(report.covered, "migration")));
  }
  std::vector<std::string> names = report.applied;
  std::erase(names, "baseline.sql");
  Applied(text, names);
  Line(text, baseline ? "🎉 Optimized migration complete!"
             : names.empty() && report.found != plan::Found::kFresh
                 ? "✅ The migrations table now matches the database; no migration had to run."
                 : "✅ All migrations have been successfully applied.");
}

void Done(std::string& text, const commands::DeployReport& report) {
  if (report.strategy == plan::Strategy::kRelease) {
    if (report.found != plan::Found::kFresh) Applied(text, report.applied);
    Line(text, "✅ Release migration complete!");
  } else {
    DevelopmentDone(text, report);
  }
  if (!report.layout_equal) {
    Line(text,
         "💡 The order of columns differs from that in a fresh database, as after any upgrade");
  }
  Line(text, Deployed(report));
}

std::string Outcome(const commands::CreateReport& report) {
  const std::string time = Seconds(report.run.duration_ms.value_or(0));
  if (report.checked) return fmt::format("✅ Up to date; nothing was written ({})", time);
  if (!report.proven_now && report.changed) return "✅ Signed; nothing else changed";
  if (!report.proven_now) {
    return fmt::format(
        "✅ Unchanged: already proven for exactly these migrations and settings ({}; "
        "--force proves it again)",
        time);
  }
  return report.changed
             ? "✅ Made in " + time
             : fmt::format("✅ Unchanged: the package already has exactly these bytes ({})", time);
}

void Copied(std::string& text, const commands::DeployReport& report) {
  Line(text, fmt::format("✅ Copied from {} in {}{}", report.template_name,
                         Seconds(report.run.duration_ms.value_or(0)),
                         report.template_made ? " (deployed now, once)" : ""));
  if (report.run.fingerprint_expected.empty()) return;
  Line(text,
       fmt::format("💡 The template was proven when it was created (fingerprint {}…); the copy "
                   "was not compared",
                   Short(report.run.fingerprint_expected)));
}

// What differs from the proven state: a line about additions, one about accepted drift, and one
// about what `ignore` matches, each with the first names. Before scripts whose result nothing has
// proven, a dry run does not know what becomes of them.
void LeftAlone(std::string& text, const commands::DeployReport& report) {
  const auto line = [&](const char* what, const std::vector<std::string>& names) {
    if (names.empty()) return;
    constexpr size_t kNamed = 5;
    const std::vector<std::string> first(
        names.begin(), names.begin() + static_cast<long>(std::min(kNamed, names.size())));
    const std::string more =
        names.size() > kNamed ? fmt::format("; … and {} more", names.size() - kNamed) : "";
    Line(text, fmt::format("💡 {}{}: {}{}", Counted(names.size(), what),
                           report.is_found_only ? "" : " left alone", Join(first, "; "), more));
  };
  line("addition", report.run.additions);
  line(report.accepts_drift ? "accepted difference" : "difference", report.run.drift);
  line("ignored difference", report.ignored);
}

// Transactions are numbered if there are several.
void Transactions(std::string& text, const plan::Plan& plan) {
  const bool several = plan.transactions.size() > 1;
  std::vector<std::string> lines;
  size_t number = 0;
  for (const plan::Transaction& transaction : plan.transactions) {
    std::string head = several ? fmt::format("{:>2}  ", ++number) : std::string();
    for (const plan::Step& step : transaction.steps) {
      lines.push_back(head + plan::Describe(step, transaction.mode));
      head.assign(head.size(), ' ');
    }
  }
  List(text, lines);
}

// A script that runs alone is not in a transaction of ballast.
std::string WhatItWouldDo(const plan::Plan& plan) {
  const size_t count = plan.transactions.size();
  if (count == 0) return " have nothing to do.";
  const bool together = std::ranges::all_of(plan.transactions, [](const auto& transaction) {
    return transaction.mode == plan::ScriptMode::kInTransaction;
  });
  if (count == 1) return together ? ", in one transaction:" : ":";
  return fmt::format(", in {} {}:", count,
                     together ? "transactions" : "parts, one after the other");
}

// A current database of which no proven state has all rows.
std::string HowToCompare(bool is_release) {
  return is_release
             ? "no state with all hotfixes of the package is proven; to prove it: ballast hotfix "
               "seal"
             : "to compare all objects with the replayed migrations: ballast schema check --live";
}

void DryRun(std::string& text, const commands::DeployReport& report) {
  Line(text, fmt::format("The database is {}; a deploy ({} strategy) would{}",
                         DescriptionOf(*report.found, *report.strategy),
                         plan::NameOf(*report.strategy), WhatItWouldDo(report.plan)));
  Transactions(text, report.plan);
  Line(text, "Nothing was changed (--dry-run).");
}

// A deploy with nothing to do reads only the rows, so that it costs a start of the application
// nothing.
void NotCompared(std::string& text, const commands::DeployReport& report) {
  const bool compared = !report.run.fingerprint_actual.empty() || !report.run.drift.empty();
  if (compared || report.found != plan::Found::kCurrent) return;
  const std::string how = report.has_proven_end ? "to compare all objects: ballast status"
                                                : HowToCompare(report.release.has_value());
  Line(text, "💡 Only the migrations table was read; " + how);
}

// "Up to date" is said only of a catalog that was compared.
void Current(std::string& text, const commands::StatusReport& report) {
  if (!report.fingerprint_actual.empty()) {
    return Line(text, "✅ Database schema is up to date!");
  }
  Line(text, "Catalog:   not compared: no proven state has exactly these migrations");
  Line(text, "✅ Every migration is applied; the catalog was not compared.");
  Line(text, "   → " + HowToCompare(report.release.has_value()));
}

// What was committed before the error.
void AppliedBefore(std::string& text, const commands::DeployReport& report) {
  if (report.applied.empty()) return;
  Line(text, fmt::format("Applied and committed before the error ({}):", report.applied.size()));
  List(text, report.applied);
}

}  // namespace

std::string RenderNotices(const std::vector<std::string>& notices, const Style& style) {
  std::string text;
  for (const std::string& notice : notices) Line(text, style.Yellow("⚠️ ") + " " + notice);
  return text;
}

namespace {

std::string RenderRemarks(const std::vector<std::string>& remarks) {
  std::string text;
  for (const std::string& remark : remarks) Line(text, "💡 " + remark);
  return text;
}

// Further lines are indented, so that they cannot imitate ballast's own lines.
std::string Continued(const std::string& text) {
  return ReplaceAll(text, "\n", "\n   ");
}

}  // namespace

std::string RenderError(const Error& error, const Style& style, bool verbose) {
  std::string text = style.Red("Error") + " " + style.Bold(CodeOf(error.code)) + ": ";
  text += Continued(error.message);
  if (!text.ends_with('.') && !text.ends_with('?')) text += '.';
  text += '\n';
  const auto says = [&](const std::string& name) {
    return error.message.find(name) != std::string::npos;
  };
  if (error.where.line > 0) {
    Line(text, fmt::format("   at {}:{}", error.where.file, error.where.line));
  } else if (!error.where.file.empty() && !says(error.where.file)) {
    Line(text, "   at " + error.where.file);
  }
  size_t listed = 0;
  for (const auto& [name, value] : error.details) {
    if (name == "file" && says(value)) continue;
    const bool always = name == "object" || name == "migration_list" || name == "line_text" ||
                        name == "detail" || name == "file";
    if (!always && !verbose) continue;
    if (++listed > kListed && !verbose) continue;
    const std::string shown = always ? value : fmt::format("{}: {}", name, value);
    text += "   " + Continued(shown) + "\n";
  }
  if (listed > kListed && !verbose) {
    Line(text, fmt::format("   … and {} more (-v lists them)", listed - kListed));
  }
  if (!error.hint.empty()) Line(text, "   → " + error.hint);
  return text;
}

Page RenderText(const commands::DeployReport& report, const Style& style) {
  Page page;
  page.target = TargetLine(report.run.target);
  page.notices = RenderNotices(report.notices, style) + RenderRemarks(commands::RemarksOf(report));
  if (report.error) {
    AppliedBefore(page.err, report);
    List(page.err, report.evidence);
    Remedies(page.err, report.remedies);
    return page;
  }
  if (report.sql) {
    page.out = *report.sql;
    return page;
  }
  ReleaseHead(page.out, report);
  if (!report.template_name.empty()) {
    Copied(page.out, report);
  } else if (report.dry_run) {
    DryRun(page.out, report);
  } else if (report.decision == plan::DecisionKind::kNothing) {
    Line(page.out, "✅ No pending migrations to apply.");
    Line(page.out, fmt::format("💡 Checked in {} ({})", Seconds(report.run.duration_ms.value_or(0)),
                               Counted(report.run.round_trips, "round trip")));
    NotCompared(page.out, report);
  } else {
    Done(page.out, report);
  }
  LeftAlone(page.out, report);
  return page;
}

Page RenderText(const commands::StatusReport& report, const Style& style) {
  Page page;
  page.notices = RenderNotices(report.notices, style) + RenderRemarks(report.remarks);
  page.target = TargetLine(report.target);
  if (report.error && !report.found) return page;
  std::string& out = page.out;
  Line(out,
       fmt::format("Strategy:  {} ({})", plan::NameOf(*report.strategy), report.strategy_reason));
  if (report.release) {
    Line(out, fmt::format("Release:   {} ({})", report.release->version,
                          Counted(report.release->migration_count, "migration")));
  }
  Line(out,
       "Database:  " + style.Bold(std::string(DescriptionOf(*report.found, *report.strategy))));
  const auto section = [&](const char* title, const std::vector<std::string>& names) {
    if (names.empty()) return;
    Line(out, fmt::format("{} ({}):", title, names.size()));
    List(out, names);
  };
  section("Pending", report.pending);
  section("Failed", report.failed);
  section("Unknown to this project", report.unknown);
  section("Differs from the proven state", report.differences);
  if (report.differences.empty()) section("Drift", report.drift);
  section("Additions, unchanged", report.additions);
  section("Ignored (ballast.toml)", report.ignored);
  if (report.refusal) {
    Line(out, fmt::format("A deploy would be refused: {} ({})", report.refusal->message,
                          CodeOf(report.refusal->code)));
    List(out, report.evidence);
  }
  if (!report.fingerprint_actual.empty()) {
    const bool equal = report.fingerprint_actual == report.fingerprint_expected;
    const bool only_ignored = report.drift.empty() && !report.ignored.empty();
    Line(out, fmt::format("Catalog:   {} {}", Short(report.fingerprint_actual),
                          equal ? style.Green("(equals the proven state)")
                          : only_ignored
                              ? style.Green("(equals the proven state except for ignored objects)")
                              : style.Red("(differs from the proven state)")));
  }
  if (report.found == plan::Found::kCurrent && report.differences.empty() && !report.refusal) {
    Current(out, report);
  }
  Remedies(out, report.remedies);
  return page;
}

Page RenderText(const commands::CreateReport& report, const Style& style) {
  Page page;
  page.notices = RenderNotices(report.notices, style) + RenderRemarks(report.remarks);
  List(page.err, report.differences);
  if (report.error) return page;
  std::string& out = page.out;
  const std::string what =
      report.version.empty() ? "Development baseline" : "Release package " + report.version;
  Line(out, fmt::format("📦 {}: {}", what, report.folder));
  Line(out,
       fmt::format("📊 Migrations consolidated: {} → 1 ({}, {}), up to {}", report.migration_count,
                   Counted(static_cast<size_t>(report.baseline_lines), "line"),
                   Size(report.baseline_bytes), report.baseline_includes_up_to));
  Line(out, fmt::format("🔒 Proven on PostgreSQL {}: the baseline reproduces the migrated database "
                        "(fingerprint {}…)",
                        Join(report.servers, ", "), Short(report.fingerprint)));
  for (const proof::UpgradePathLine& path : report.upgrade_paths) {
    if (!path.proven) continue;
    // The proof of the rollback upgrades once more, from tables with rows.
    const bool with_rows = std::ranges::any_of(report.rollbacks, [&](const auto& rollback) {
      return rollback.version == path.version && rollback.reason.empty();
    });
    Line(out, fmt::format("🛤️  Upgrade path from {}: {}, proven{}", path.version,
                          Counted(static_cast<size_t>(path.migrations), "migration"),
                          with_rows ? "" : " on empty tables"));
  }
  for (const release::Rollback& rollback : report.rollbacks) {
    if (!rollback.reason.empty()) continue;
    const auto names = [](const std::vector<release::RollbackLoss>& objects) {
      std::vector<std::string> named;
      for (const release::RollbackLoss& one : objects) named.push_back(one.object);
      return JoinSome(named);
    };
    std::string line =
        fmt::format("↩️  Rollback to {}: {}, proven", rollback.version, rollback.path);
    if (!rollback.without_rows.empty()) {
      line +=
          fmt::format(" without rows in {} ({})", Counted(rollback.without_rows.size(), "table"),
                      JoinSome(rollback.without_rows));
    }
    if (!rollback.losses.empty()) {
      line += fmt::format("; the data of {} would be lost", names(rollback.losses));
    }
    if (!rollback.made_again.empty()) {
      line += fmt::format("; {} would be made again without data", names(rollback.made_again));
    }
    Line(out, line);
  }
  if (!report.sealed_by.empty()) Line(out, fmt::format("🔏 Signed with key {}", report.sealed_by));
  Line(out, Outcome(report));
  return page;
}

Page RenderText(const commands::VerifyReport& report, const Style& style) {
  Page page;
  for (const std::string& name : report.unproven) {
    Line(page.err, style.Yellow("⚠️ ") + fmt::format(" hotfix {} is not in the manifest, so it "
                                                         "is not proven",
                                                         name));
  }
  List(page.err, report.findings);
  if (report.error) return page;
  Line(page.out, fmt::format("✅ Release package {} is intact: {} match the manifest",
                             report.version, Counted(report.files, "file")));
  if (report.sealed) {
    Line(page.out, fmt::format("🔏 Signed with trusted key {}", report.seal_key));
  } else if (!report.seal_key.empty()) {
    Line(page.out,
         fmt::format("🔏 Signed with key {} (no trusted key was given, so anybody may have "
                     "signed it)",
                     report.seal_key));
  }
  if (report.deep) {
    Line(page.out, fmt::format("🔒 Proven again: catalog and rows are equal (fingerprint {}…)",
                               Short(report.fingerprint)));
  }
  return page;
}

Page RenderText(const project::KeyReport& report, const Style& style) {
  Page page;
  if (report.error) return page;
  Line(page.out,
       fmt::format("🔑 Key {}, {}", report.id,
                   report.encrypted ? "encrypted with BALLAST_KEY_PASSWORD" : "not encrypted"));
  Line(page.out,
       fmt::format("   secret  {} (mode 600; keep it out of version control)", report.secret_file));
  Line(page.out, fmt::format("   public  {}", report.public_file));
  Line(page.out, fmt::format("   trust   --trusted-key {}", report.public_key));
  if (!report.encrypted) {
    page.err = RenderNotices({"anybody who can read the secret file can sign packages: with "
                              "BALLAST_KEY_PASSWORD set, ballast key new encrypts it"},
                             style);
  }
  return page;
}

Page RenderText(const commands::ShowReport& report, const Style&) {
  Page page;
  if (!report.manifest) return page;
  const release::Manifest& m = *report.manifest;
  std::string& out = page.out;
  Line(out, fmt::format("📦 Release {} ({})", m.version, report.folder));
  Line(out, fmt::format("   made         {} by {}", m.generated_at, m.tool));
  if (!m.source.commit.empty()) {
    const std::string branch = m.source.branch.empty() ? "" : " (" + m.source.branch + ")";
    Line(out, fmt::format("   from         {}{}{}", m.source.commit.substr(0, 12), branch,
                          m.source.dirty ? ", with uncommitted changes" : ""));
  }
  Line(out, fmt::format("   migrations   {} → 1, up to {}", m.migration_count,
                        m.baseline_includes_up_to));
  Line(out, fmt::format("   baseline     {}, sha256 {}",
                        Counted(static_cast<size_t>(m.baseline_lines), "line"),
                        Short(m.baseline_checksum)));
  Line(out, fmt::format("   fingerprint  {}", m.fingerprint.catalog));
  Line(out, fmt::format("   proof        {} on PostgreSQL {} ({})",
                        m.proof.equal ? "equal" : "NOT equal", Join(m.proof.servers, ", "),
                        Join(m.proof.compared, ", ")));
  for (const release::TableRows& rows : m.rows) {
    Line(out, fmt::format("   rows         {}: {}", rows.table, rows.count));
  }
  for (const release::PreviousRelease& previous : m.previous) {
    Line(out, "   upgrades from " + previous.version);
  }
  for (const release::Rollback& rollback : m.rollbacks) {
    const std::string to = "   rollback     to " + rollback.version + ": ";
    Line(out, to + (rollback.reason.empty() ? rollback.path : "none, because " + rollback.reason));
    for (const std::string& notice : rollback.notices) Line(out, "                " + notice);
  }
  for (const std::string& hotfix : report.hotfixes) Line(out, "   hotfix       " + hotfix);
  for (const auto& [path, size] : report.file_sizes) {
    Line(out, fmt::format("   file         {} ({})", path, Counted(size, "byte")));
  }
  return page;
}

Page RenderText(const commands::PackReport& report, const Style&) {
  Page page;
  if (report.error) return page;
  Line(page.out,
       fmt::format("📦 Release package {} in one file: {} ({}, {} unpacked{})", report.version,
                   report.file, Size(report.bytes), Size(report.unpacked_bytes),
                   report.sealed ? ", with its signature" : ""));
  Line(page.out, fmt::format("   sha256   {}", report.checksum));
  Line(page.out, "   → ballast deploy --package " + ShellWord(report.file));
  return page;
}

Page RenderText(const commands::ResolveReport& report, const Style&) {
  Page page;
  if (report.error) {
    List(page.err, report.evidence);
    Remedies(page.err, report.remedies);
    return page;
  }
  if (!report.converted_to.empty()) {
    Line(page.out,
         fmt::format("The rows are now those of {} ({}); the catalog equals the proven one.",
                     report.converted_to == "release" ? "the release" : "the project's migrations",
                     Counted(report.applied.size(), "row")));
    return page;
  }
  for (const std::string& name : report.applied) {
    Line(page.out, fmt::format("Migration {} marked as applied.", name));
  }
  for (const std::string& name : report.rolled_back) {
    Line(page.out, fmt::format("Migration {} marked as rolled back.", name));
  }
  if (report.applied.empty() && report.rolled_back.empty()) {
    Line(page.out, report.has_its_rows
                       ? "The rows are those of this strategy already; nothing was changed."
                       : "No matching migration needs to be marked; nothing was changed.");
    if (report.has_its_rows) {
      Line(page.out,
           "   → to mark migrations without a comparison: ballast resolve --applied NAME");
    }
  }
  return page;
}

Page RenderText(const commands::FingerprintReport& report, const Style&) {
  Page page;
  if (report.error) return page;
  Line(page.out, report.fingerprint);
  Line(page.err, fmt::format("{} of database {} on PostgreSQL {}; layout fingerprint {}",
                             report.snapshot == 1 ? "1 property"
                                                  : fmt::format("{} properties", report.snapshot),
                             report.database, report.server, report.layout));
  return page;
}

Page RenderText(const commands::SchemaSqlReport& report, const Style&) {
  return {report.sql, report.diagnostics};
}

}  // namespace ballast::cli
