// SPDX-License-Identifier: Apache-2.0
#include "plan/notice.h"

namespace ballast::plan {

std::string TextOf(const Notice& notice) {
  if (notice.kind != NoticeKind::kLoss) return notice.text;
  return notice.object + " will be dropped " + notice.text;
}

std::string TextAfterDeploy(const Notice& notice) {
  if (notice.kind != NoticeKind::kLoss) return notice.text;
  return notice.object + " was dropped " + notice.text;
}

std::vector<std::string> TextsOf(const std::vector<Notice>& notices) {
  std::vector<std::string> texts;
  texts.reserve(notices.size());
  for (const Notice& notice : notices) texts.push_back(TextOf(notice));
  return texts;
}

bool IsFinding(const Notice& notice) {
  switch (notice.kind) {
    case NoticeKind::kCondition:
    case NoticeKind::kRisk:
    case NoticeKind::kLoss:
      return true;
    case NoticeKind::kPlan:
    case NoticeKind::kAhead:
    case NoticeKind::kNoJournal:
      return false;
  }
  return false;
}

void AddNotices(NoticeKind kind, std::vector<std::string> texts, std::vector<Notice>& notices) {
  for (std::string& text : texts) notices.push_back({kind, std::move(text)});
}

}  // namespace ballast::plan
