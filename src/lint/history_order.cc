// SPDX-License-Identifier: Apache-2.0
#include "lint/history_order.h"

#include <fmt/format.h>

#include <map>

#include "base/shell_word.h"

namespace ballast::lint {
namespace {

using release::CoveredMigration;
using release::Migration;

std::string FileOf(const OrderQuestion& question, const std::string& name) {
  return (question.folder.empty() ? "" : question.folder + "/") + name + "/migration.sql";
}

const std::string* LastOf(const release::Coverage& applied) {
  const std::string* last = nullptr;
  for (const CoveredMigration& covered : applied) {
    if (last == nullptr || release::PrismaOrder(*last, covered.name)) last = &covered.name;
  }
  return last;
}

Finding Late(const OrderQuestion& question, const std::string& name, const std::string& last) {
  return ScriptFinding(
      Rule::kLateMigration, name, FileOf(question, name),
      fmt::format("sorts before {0}, which {1} already has: existing databases run this migration "
                  "after {0}, new ones before it",
                  last, question.since),
      fmt::format("-- give the folder a name that sorts last, before any database has it:\n"
                  "-- git mv {} {}/<now>_…\n",
                  ShellWord(question.folder + "/" + name), ShellWord(question.folder)));
}

Finding Edited(const OrderQuestion& question, const std::string& name) {
  return ScriptFinding(
      Rule::kEditedMigration, name, FileOf(question, name),
      fmt::format(
          "was edited after {} applied it: databases that have applied it never run the change",
          question.since),
      "-- restore the script, and put the change into a migration with a new name\n");
}

Finding Removed(const OrderQuestion& question, const std::string& name) {
  return ScriptFinding(
      Rule::kRemovedMigration, name, FileOf(question, name),
      fmt::format("was removed from the folder, although {} has applied it", question.since),
      "-- restore the folder, or replace old migrations with `ballast squash`\n");
}

}  // namespace

std::vector<Finding> OrderFindings(const OrderQuestion& question) {
  std::vector<Finding> findings;
  std::map<std::string_view, const CoveredMigration*> applied;
  for (const CoveredMigration& covered : question.applied) applied[covered.name] = &covered;
  const std::string* last = LastOf(question.applied);
  std::map<std::string_view, bool> there;
  for (const Migration& migration : question.on_disk) {
    there[migration.name] = true;
    const auto found = applied.find(migration.name);
    if (found == applied.end()) {
      if (last != nullptr && release::PrismaOrder(migration.name, *last)) {
        findings.push_back(Late(question, migration.name, *last));
      }
    } else if (migration.script && !found->second->checksum.empty() &&
               !release::ChecksumMatches(found->second->checksum, *migration.script)) {
      findings.push_back(Edited(question, migration.name));
    }
  }
  for (const CoveredMigration& covered : question.applied) {
    if (!there.contains(covered.name)) findings.push_back(Removed(question, covered.name));
  }
  return findings;
}

}  // namespace ballast::lint
