// SPDX-License-Identifier: Apache-2.0
#include "report/notification.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace ballast::report {
namespace {

using Json = nlohmann::json;

RunReport Deployed() {
  RunReport run;
  run.run = "r";
  run.command = "deploy";
  run.duration_ms = 412;
  run.project = "shop";
  run.release = "v1.1.0";
  run.target = Target{"db.example.com", 5432, "shop", "public", "app", "15.14"};
  run.migrations = {{"1_a", 1}, {"2_b", 2}};
  return run;
}

TEST(NotificationTest, AFleetIsToldInNumbers) {
  RunReport run = Deployed();
  run.command = "fleet deploy";
  run.target.reset();
  run.outcome = Outcome::kPartial;
  run.targets = FleetTargets{.applied = 8, .nothing = 3, .failed = 1, .not_started = 2};
  EXPECT_EQ(
      Sentence(run),
      "fleet deploy of shop (v1.1.0) partly done after 0.4 s: 14 targets: 8 applied, 3 nothing, 1 "
      "failed, 2 not started");
  EXPECT_EQ(ParseRunReport(ToJson(run))->targets, run.targets);
}

TEST(NotificationTest, TheHostDecidesTheFormat) {
  using enum NotificationFormat;
  const std::pair<const char*, NotificationFormat> cases[] = {
      {"https://hooks.slack.com/services/T0/B0/secret", kSlack},
      {"https://HOOKS.SLACK.COM/services/x", kSlack},
      {"https://discord.com/api/webhooks/1/secret", kDiscord},
      {"https://ptb.discord.com/api/webhooks/1/secret", kDiscord},
      {"https://discordapp.com/api/webhooks/1/secret", kDiscord},
      {"https://discord.com/api/webhooks/1/secret/slack", kSlack},
      {"https://example.com/hooks.slack.com", kJson},
      {"https://hooks.slack.com.example.com/x", kJson},
      {"https://notdiscord.com/x", kJson},
      {"https://user:hooks.slack.com@example.com/x", kJson},
      {"http://127.0.0.1:8080/hook", kJson}};
  for (const auto& [url, format] : cases) EXPECT_EQ(FormatFor(url, kAuto), format) << url;
  EXPECT_EQ(FormatFor("https://hooks.slack.com/x", kJson), kJson);
}

TEST(NotificationTest, OnlyTheHostOfAUrlIsShown) {
  const std::pair<const char*, const char*> cases[] = {
      {"https://hooks.slack.com/services/secret", "hooks.slack.com"},
      {"http://user:password@host:8080?token=secret", "host:8080"},
      {"https://host#secret", "host"},
      {"https://a@b@host/x", "host"},
      {"http://[::1]:8080/x", "[::1]:8080"},
      {"http://[::1]/x", "[::1]"},
      // A password that is not encoded.
      {"https://user:pass/word@host/x", "(no URL)"},
      {"https://user:pass#word@host/x", "(no URL)"},
      {"http://[::1", "(no URL)"},
      {"secret", "(no URL)"}};
  for (const auto& [url, host] : cases) EXPECT_EQ(HostOf(url), host) << url;
}

TEST(NotificationTest, SaysInASentenceWhatHappened) {
  RunReport run = Deployed();
  EXPECT_EQ(Sentence(run),
            "deploy of shop (v1.1.0) done in 0.4 s: 2 migrations on db.example.com/shop");
  run.outcome = Outcome::kRefused;
  run.migrations.clear();
  EXPECT_EQ(Sentence(run), "deploy of shop (v1.1.0) refused after 0.4 s on db.example.com/shop");
  RunReport made;
  made.command = "release create";
  made.release = "v2";
  made.duration_ms = 61000;
  made.package = PackageMade{691, "x", "y", true};
  EXPECT_EQ(Sentence(made), "release create (v2) done in 61.0 s: 691 migrations consolidated");
}

TEST(NotificationTest, HasTheFormsOfSlackAndDiscord) {
  RunReport run = Deployed();
  run.outcome = Outcome::kFailed;
  run.code = "P1001";
  run.message = "<b> & more";
  const Json slack = Json::parse(NotificationBody(run, NotificationFormat::kSlack));
  EXPECT_EQ(slack.size(), 1u);
  EXPECT_NE(slack["text"].get<std::string>().find("P1001: &lt;b&gt; &amp; more"),
            std::string::npos);
  const Json discord = Json::parse(NotificationBody(run, NotificationFormat::kDiscord));
  EXPECT_NE(discord["content"].get<std::string>().find("P1001: <b> & more"), std::string::npos);
  EXPECT_EQ(discord["allowed_mentions"]["parse"], Json::array());
  const Json json = Json::parse(NotificationBody(run, NotificationFormat::kJson));
  EXPECT_EQ(json["event"], "run");
  EXPECT_EQ(json["version"], 1);
  EXPECT_EQ(json["run"], Json::parse(ToJson(run)));
}

TEST(NotificationTest, LongMessagesAreCut) {
  RunReport run = Deployed();
  run.code = "P3018";
  // Characters of two bytes, once at an even place and once at an odd one.
  for (const char* first : {"", "x"}) {
    run.message = first;
    for (int i = 0; i < 2000; ++i) run.message += "é";
    const Json discord = Json::parse(NotificationBody(run, NotificationFormat::kDiscord));
    const std::string text = discord["content"];
    EXPECT_LE(text.size(), 2000u);
    EXPECT_TRUE(text.ends_with("é")) << text.substr(text.size() - 4);
  }
}

}  // namespace
}  // namespace ballast::report
