// SPDX-License-Identifier: Apache-2.0
// What a webhook is sent about a run. URLs of webhooks are secrets: only their hosts are shown.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "report/run_report.h"

namespace ballast::report {

enum class NotificationFormat {
  kAuto,     // by the URL's host
  kJson,     // the run report, with `event`, `text` and `version`
  kSlack,    // Slack's incoming webhooks, and what is compatible with them
  kDiscord,  // Discord's webhooks
};

// Of kAuto: kSlack for hooks.slack.com and for Discord's /slack addresses, kDiscord for
// discord.com and discordapp.com, else kJson.
NotificationFormat FormatFor(std::string_view url, NotificationFormat wanted);

// One sentence: "deploy of shop (v1.1.0) done in 0.4 s: 3 migrations on db.example.com/shop".
std::string Sentence(const RunReport& run);

// The body for a format other than kAuto.
std::string NotificationBody(const RunReport& run, NotificationFormat format);

// "hooks.slack.com": the part of a URL that may be printed; "(no URL)" if it is none. Port included
// where the URL has one.
std::string HostOf(std::string_view url);

}  // namespace ballast::report
