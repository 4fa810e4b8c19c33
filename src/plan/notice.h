// SPDX-License-Identifier: Apache-2.0
// What a decision tells its reader besides the plan. The kind says how long a notice holds, so that
// nobody has to recognize its words.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace ballast::plan {

enum class NoticeKind {
  kPlan,       // what the plan does or does not cover
  kFound,      // the state that the database has; scripts end it
  kAhead,      // the database has more than the project
  kNoJournal,  // the run cannot be recorded
  kCondition,  // about additions and settings; it holds after the deploy, too
  kRisk,       // what may make the deploy fail; it ends with its success
  kLoss        // an addition that the deploy drops
};

struct Notice {
  NoticeKind kind = NoticeKind::kPlan;
  std::string text;         // a sentence; of a loss, its cause ("by m (CASCADE)")
  std::string object = {};  // of a loss: the addition ("view v")
};

// The sentence, before the deploy ("view v will be dropped by m", "the database equals release v1")
// and after one that ran scripts ("was dropped", "equaled").
std::string TextOf(const Notice& notice);
std::string TextAfterDeploy(const Notice& notice);
std::vector<std::string> TextsOf(const std::vector<Notice>& notices);

// Whether it was found in the database and is about what the deploy may meet there.
bool IsFinding(const Notice& notice);

// Appends a notice of this kind for each text.
void AddNotices(NoticeKind kind, std::vector<std::string> texts, std::vector<Notice>& notices);

}  // namespace ballast::plan
