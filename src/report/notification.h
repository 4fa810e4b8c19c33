// SPDX-License-Identifier: Apache-2.0
// The notification about a run for a webhook. Webhook URLs are secrets: only their hosts are shown.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "report/run_report.h"

namespace ballast::report {

enum class NotificationFormat {
  kAuto,     // determined by the URL's host
  kJson,     // the run report, with `event`, `text` and `version`
  kSlack,    // Slack's incoming webhooks and compatible ones
  kDiscord,  // Discord's webhooks
};

// Resolves kAuto: kSlack for hooks.slack.com and Discord URLs that end in /slack, kDiscord for
// discord.com and discordapp.com, else kJson.
NotificationFormat FormatFor(std::string_view url, NotificationFormat requested);

// One sentence: "deploy of shop (v1.1.0) done in 0.4 s: 3 migrations on db.example.com/shop".
std::string Sentence(const RunReport& run);

// The body in a format other than kAuto.
std::string NotificationBody(const RunReport& run, NotificationFormat format);

// The printable part of a URL: "hooks.slack.com", with the port if given; "(no URL)" if it is not a
// URL, so that what stands in place of the host could be a part of a password.
std::string HostOf(std::string_view url);

}  // namespace ballast::report
