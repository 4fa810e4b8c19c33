// SPDX-License-Identifier: Apache-2.0
#include "lint/finding.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "lint/linted_migration.h"

namespace ballast::lint {
namespace {

bool IsAllowed(const Finding& finding, const std::vector<AllowComment>& comments,
               const std::vector<AllowEntry>& entries) {
  const auto comment_allows = [&](const AllowComment& comment) {
    const bool here = finding.statement < 0 || comment.statement == finding.statement ||
                      IsAboutScript(finding.rule);
    return here && std::find(comment.rules.begin(), comment.rules.end(), finding.rule) !=
                       comment.rules.end();
  };
  const auto entry_allows = [&](const AllowEntry& entry) {
    return entry.rule == finding.rule && MatchesGlob(entry.object, finding.object);
  };
  return std::any_of(comments.begin(), comments.end(), comment_allows) ||
         std::any_of(entries.begin(), entries.end(), entry_allows);
}

}  // namespace

bool IsAboutScript(Rule rule) {
  return rule == Rule::kHeavyTransaction || rule == Rule::kMissingLockTimeout ||
         rule == Rule::kLateMigration || rule == Rule::kEditedMigration ||
         rule == Rule::kRemovedMigration;
}

std::vector<Finding> FindingsOf(const MigrationTrace& migration, const LintContext& context) {
  std::vector<Finding> findings;
  if (migration.statements.empty()) return findings;
  const LintedMigration linted(migration, context);
  FindHeavyStatements(linted, &findings);
  FindBreakingChanges(linted, &findings);
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::make_pair(a.statement, a.rule) < std::make_pair(b.statement, b.rule);
  });
  return findings;
}

Finding ScriptFinding(Rule rule, const std::string& migration, const std::string& file,
                      std::string message, std::string safe_form) {
  Finding finding;
  finding.rule = rule;
  finding.severity = SeverityOf(rule);
  finding.migration = migration;
  finding.file = file;
  finding.line = 1;
  finding.object = migration;
  finding.message = std::move(message);
  finding.safe_form = std::move(safe_form);
  return finding;
}

void ApplyAllowances(const std::string& migration, const std::string& script,
                     const std::vector<AllowEntry>& allowed, std::vector<Finding>* findings) {
  const std::vector<AllowComment> comments = AllowComments(script);
  for (Finding& finding : *findings) {
    if (finding.migration != migration) continue;
    finding.allowed = IsAllowed(finding, comments, allowed);
  }
}

std::vector<Finding> UnknownRules(const std::string& migration, const std::string& file,
                                  const std::string& script) {
  std::vector<Finding> findings;
  const auto add = [&](const AllowComment& comment, std::string name, std::string message,
                       std::string safe_form) {
    Finding finding = ScriptFinding(Rule::kUnknownRule, migration, file, std::move(message),
                                    std::move(safe_form));
    finding.line = comment.line;
    finding.object = std::move(name);
    findings.push_back(std::move(finding));
  };
  for (const AllowComment& comment : AllowComments(script)) {
    if (comment.in_sentence) {
      add(comment, "ballast:allow", "a comment with ballast:allow within a sentence allows nothing",
          "-- ballast:allow is the first word of a comment, in front of the names of rules:\n"
          "-- ballast:allow RULE\n");
    }
    for (const std::string& name : comment.unknown) {
      add(comment, name,
          fmt::format("the comment allows \"{}\", which is not a rule{}", name,
                      DidYouMeanRule(name)),
          "-- docs/lint.md lists the rules\n");
    }
  }
  return findings;
}

}  // namespace ballast::lint
