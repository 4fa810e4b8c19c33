// SPDX-License-Identifier: Apache-2.0
#include "report/notification.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace ballast::report {
namespace {

using Json = nlohmann::ordered_json;

// In bytes. Discord refuses longer ones; Slack cuts them.
constexpr size_t kLongestMessageText = 1900;

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string_view MarkOf(Outcome outcome) {
  if (outcome == Outcome::kRefused) return "⛔";
  return IsFailure(outcome) ? "❌" : "✅";
}

std::string_view VerbOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::kDone:
      return "done in";
    case Outcome::kNothing:
      return "had nothing to do, after";
    case Outcome::kRefused:
      return "refused after";
    case Outcome::kFailed:
      return "failed after";
    case Outcome::kPartial:
      return "partly done after";
    case Outcome::kInterrupted:
      return "interrupted after";
  }
  return "";
}

std::string Text(const RunReport& run) {
  std::string text = fmt::format("{} {}", MarkOf(run.outcome), Sentence(run));
  if (!run.code.empty()) text += fmt::format("\n{}: {}", run.code, run.message);
  text.resize(CutToBytes(text, kLongestMessageText).size());
  return text;
}

// Slack reads &, < and > as markup (its manual: "Formatting text for app surfaces").
std::string SlackText(const std::string& text) {
  return ReplaceAll(ReplaceAll(ReplaceAll(text, "&", "&amp;"), "<", "&lt;"), ">", "&gt;");
}

// "12 targets: 8 applied, 4 nothing"; empty if there are none.
std::string FleetText(const FleetTargets& targets) {
  std::vector<std::string> numbers;
  size_t all = 0;
  for (const auto& [outcome, count] : CountsOf(targets)) {
    all += static_cast<size_t>(count);
    if (count > 0)
      numbers.push_back(fmt::format("{} {}", count, ReplaceAll(std::string(outcome), "_", " ")));
  }
  return all == 0 ? "" : fmt::format("{}: {}", Counted(all, "target"), Join(numbers, ", "));
}

// Whether what follows the host is a port, if anything does. In "https://user:pass/word@host" it is
// the beginning of a password.
bool HasPort(std::string_view place) {
  const size_t address = place.starts_with('[') ? place.find(']') : 0;
  if (address == place.npos) return false;
  const size_t colon = place.find(':', address);
  return colon == place.npos || place.find_first_not_of("0123456789", colon + 1) == place.npos;
}

bool IsHost(const std::string& host, std::string_view name) {
  return host == name || host.ends_with("." + std::string(name));
}

}  // namespace

std::string HostOf(std::string_view url) {
  const size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return "(no URL)";
  std::string_view rest = url.substr(scheme + 3);
  rest = rest.substr(0, rest.find_first_of("/?#\\"));
  const size_t user = rest.rfind('@');
  if (user != std::string_view::npos) rest.remove_prefix(user + 1);
  return HasPort(rest) ? std::string(rest) : "(no URL)";
}

NotificationFormat FormatFor(std::string_view url, NotificationFormat requested) {
  if (requested != NotificationFormat::kAuto) return requested;
  std::string host = ToLowerAscii(HostOf(url));
  host.resize(std::min(host.size(), host.find(':')));
  if (IsHost(host, "discord.com") || IsHost(host, "discordapp.com")) {
    return url.ends_with("/slack") ? NotificationFormat::kSlack : NotificationFormat::kDiscord;
  }
  return IsHost(host, "hooks.slack.com") ? NotificationFormat::kSlack : NotificationFormat::kJson;
}

std::string Sentence(const RunReport& run) {
  std::string text = run.command;
  if (!run.project.empty()) text += " of " + run.project;
  if (!run.release.empty()) text += fmt::format(" ({})", run.release);
  text += fmt::format(" {} {:.1f} s", VerbOf(run.outcome), run.duration_ms.value_or(0) / 1000);
  if (run.targets) {
    const std::string counts = FleetText(*run.targets);
    if (!counts.empty()) text += ": " + counts;
  } else if (run.target) {
    if (!run.migrations.empty()) text += ": " + Counted(run.migrations.size(), "migration");
    text += fmt::format(" on {}/{}", run.target->host, run.target->database);
  } else if (run.package) {
    text += fmt::format(": {} consolidated", Counted(run.package->migration_count, "migration"));
  }
  return text;
}

std::string NotificationBody(const RunReport& run, NotificationFormat format) {
  if (format == NotificationFormat::kSlack) return Dump({{"text", SlackText(Text(run))}});
  if (format == NotificationFormat::kDiscord) {
    return Dump({{"content", Text(run)}, {"allowed_mentions", {{"parse", Json::array()}}}});
  }
  return Dump(
      {{"event", "run"}, {"version", 1}, {"text", Text(run)}, {"run", Json::parse(ToJson(run))}});
}

}  // namespace ballast::report
