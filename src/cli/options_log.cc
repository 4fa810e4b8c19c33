// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <CLI/CLI.hpp>

#include "cli/options_internal.h"

namespace ballast::cli {

namespace {

std::string CheckCount(const std::string& text) {
  constexpr size_t kMostDigits = 9;
  const bool is_count = !text.empty() && text.size() <= kMostDigits &&
                        text.find_first_not_of("0123456789") == std::string::npos;
  return is_count ? std::string() : "'" + text + "' is not a number of runs; use 0 for all";
}

}  // namespace

void AddDelivery(CLI::App* app, Options* options) {
  app->add_option("--metrics-file", options->delivery.metrics_file,
                  "Write metrics of the run for Prometheus's textfile collector")
      ->type_name("FILE");
  AddRepeatable(app, "--notify", &options->delivery.notify, "URL",
                "Send the result to this webhook (repeatable; also BALLAST_NOTIFY_URL)");
  AddChoice<report::NotificationFormat>(app, "--notify-format", &options->delivery.notify_format,
                                        {{"auto", report::NotificationFormat::kAuto},
                                         {"json", report::NotificationFormat::kJson},
                                         {"slack", report::NotificationFormat::kSlack},
                                         {"discord", report::NotificationFormat::kDiscord}},
                                        "Format of the notification (default: by the URL's host)");
}

void AddLogCommands(CLI::App* root, Options* options) {
  const auto log = std::make_shared<commands::LogOptions>();
  CLI::App* app = root->add_subcommand("log", "Show recorded runs and their key figures");
  app->add_option("--since", log->since, "Only runs since this time: 24h, 7d, 2026-11-01")
      ->type_name("TIME");
  app->add_option("--release", log->release, "Only runs of this release")->type_name("VERSION");
  app->add_option("--strategy", log->strategy, "Only runs with this strategy")
      ->type_name("release|development|history")
      ->check(OneOf({"release", "development", "history"}));
  app->add_flag("--all-schemas", log->all_schemas,
                "Include runs of schemas other than the one in the URL");
  CLI::Option* failures =
      app->add_flag("--failures", log->failures, "Only those that failed or were refused");
  CLI::Option* limit =
      app->add_option("--limit", log->limit, "Maximum number of runs (default: 20; 0: all)")
          ->type_name("COUNT")
          ->check(CheckCount);
  CLI::Option* summary = app->add_flag("--summary", log->summary,
                                       "Show key figures and their thresholds (ballast.toml)")
                             ->excludes(failures)
                             ->excludes(limit);
  const auto fail_on = std::make_shared<std::string>();
  app->add_option("--fail-on", *fail_on,
                  "With --summary: exit with status 1 if a figure has reached its alert threshold")
      ->check(OneOf({"alert"}))
      ->type_name("alert")
      ->needs(summary);
  app->add_option("--metrics-file", options->delivery.metrics_file,
                  "With --summary: write the key figures as metrics for Prometheus")
      ->type_name("FILE")
      ->needs(summary);
  app->fallthrough();
  app->callback([options, log, fail_on] {
    log->fail_on_alert = !fail_on->empty();
    options->command = *log;
  });
}

}  // namespace ballast::cli
