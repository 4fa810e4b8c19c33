// SPDX-License-Identifier: Apache-2.0
#include "plan/notice.h"

#include <array>
#include <string_view>

namespace ballast::plan {
namespace {

std::string InThePast(std::string text) {
  constexpr std::string_view kSubject = "the database ";
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kVerbs{
      {{"equals", "equaled"}, {"contains", "contained"}, {"differs", "differed"}}};
  if (!text.starts_with(kSubject)) return text;
  for (const auto& [now, then] : kVerbs) {
    const bool found = text.compare(kSubject.size(), now.size(), now) == 0;
    if (found) return text.replace(kSubject.size(), now.size(), then);
  }
  return text;
}

}  // namespace

std::string TextOf(const Notice& notice) {
  if (notice.kind != NoticeKind::kLoss) return notice.text;
  return notice.object + " will be dropped " + notice.text;
}

std::string TextAfterDeploy(const Notice& notice) {
  if (notice.kind == NoticeKind::kFound) return InThePast(notice.text);
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
    case NoticeKind::kFound:
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
