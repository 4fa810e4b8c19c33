// SPDX-License-Identifier: Apache-2.0
#include "cli/progress_output.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/text.h"
#include "cli/display_width.h"

namespace ballast::cli {
namespace {

// What a form prints for one stage of two steps with a notice in between.
std::string PrintedBy(ProgressForm form, std::chrono::milliseconds interval = {},
                      size_t columns = 24) {
  char* bytes = nullptr;
  size_t size = 0;
  std::FILE* stream = open_memstream(&bytes, &size);
  ProgressSettings settings;
  settings.form = form;
  settings.stream = stream;
  settings.interval = interval;
  settings.columns = [columns] { return columns; };
  {
    const auto output = MakeProgressOutput(settings);
    output->Stage("applying migrations", 2);
    output->Step(1, "20250101000000_日本語");
    output->Notice("look out");
    output->Step(2, "20250102000000_last");
    output->Finish();
    output->Finish();
  }
  std::fclose(stream);
  std::string text(bytes, size);
  std::free(bytes);
  return text;
}

TEST(ProgressOutputTest, ALogHasALineForTheBeginningAndTheEnd) {
  const std::vector<std::string> lines = Split(PrintedBy(ProgressForm::kLog), '\n');
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[0], "⏳ applying migrations …");
  EXPECT_NE(lines[1].find("look out"), std::string::npos);
  EXPECT_TRUE(lines[2].starts_with("   applying migrations took 0.")) << lines[2];
}

TEST(ProgressOutputTest, JsonLinesAreObjects) {
  std::vector<std::string> events;
  for (const std::string& line : Split(PrintedBy(ProgressForm::kJson), '\n')) {
    if (line.empty()) continue;
    const auto event = nlohmann::json::parse(line);
    events.push_back(event.at("event"));
    EXPECT_EQ(event.at("time").get<std::string>().size(), 24u) << line;
  }
  EXPECT_EQ(Join(events, " "), "stage_started notice stage_finished");
}

TEST(ProgressOutputTest, AMessageInJsonHasNoSymbol) {
  const auto message = [](const char* notice) {
    char* bytes = nullptr;
    size_t size = 0;
    ProgressSettings settings;
    settings.form = ProgressForm::kJson;
    settings.stream = open_memstream(&bytes, &size);
    MakeProgressOutput(settings)->Notice(notice);
    std::fclose(settings.stream);
    const std::string text(bytes, size);
    std::free(bytes);
    return nlohmann::json::parse(text).at("message").get<std::string>();
  };
  for (const char* notice : {"💡 look out", "⚠️  look out", "✅ look out", "🧪 look out",
                             "→ look out", "look out"}) {
    EXPECT_EQ(message(notice), "look out") << notice;
  }
  EXPECT_EQ(message("日本 look out"), "日本 look out");
}

TEST(ProgressOutputTest, EventsAreJsonAndNothingElse) {
  char* bytes = nullptr;
  size_t size = 0;
  for (const ProgressForm form : {ProgressForm::kJson, ProgressForm::kLog}) {
    ProgressSettings settings;
    settings.form = form;
    settings.stream = open_memstream(&bytes, &size);
    const auto output = MakeProgressOutput(settings);
    output->Event({"migration_finished",
                   {{"migration", std::string("1_\xff")}, {"duration_ms", 1.5}},
                   std::chrono::milliseconds(3600'000)});
    output->Event({"committed",
                   {{"migrations", std::vector<std::string>{"1_a", "2_b"}}, {"rows", int64_t{2}}}});
    output->Finish();
    std::fclose(settings.stream);
    const std::string text(bytes, size);
    std::free(bytes);
    if (form == ProgressForm::kLog) {
      EXPECT_EQ(text, "");
      continue;
    }
    const std::vector<std::string> lines = Split(text, '\n');
    const auto first = nlohmann::json::parse(lines[0]);
    const auto second = nlohmann::json::parse(lines[1]);
    EXPECT_EQ(first.at("migration"), "1_\xEF\xBF\xBD");
    EXPECT_EQ(first.at("duration_ms"), 1.5);
    EXPECT_EQ(second.at("migrations"), nlohmann::json({"1_a", "2_b"}));
    EXPECT_EQ(second.at("rows"), 2);
    EXPECT_LT(first.at("time").get<std::string>(), second.at("time").get<std::string>());
  }
}

TEST(ProgressOutputTest, ATerminalLineFitsTheWidthAndIsRemoved) {
  const std::string text = PrintedBy(ProgressForm::kTerminal);
  EXPECT_EQ(text.find('\n'), text.rfind('\n')) << text;  // the notice alone
  EXPECT_NE(text.find("… 2/2 (0."), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("\r\x1b[K")) << text;
  for (const size_t columns : {size_t{1}, size_t{5}, size_t{12}, size_t{45}, size_t{80}}) {
    for (const std::string& line : Split(PrintedBy(ProgressForm::kTerminal, {}, columns), '\r')) {
      if (line.find('\n') != std::string::npos || line.size() < 3) continue;
      EXPECT_LT(DisplayWidth(line.substr(3)), columns) << line;
    }
  }
}

// The name of the stage gives way before the time does.
TEST(ProgressOutputTest, ANarrowTerminalShowsCountAndTime) {
  for (const size_t columns : {size_t{24}, size_t{30}}) {
    const std::string text = PrintedBy(ProgressForm::kTerminal, {}, columns);
    EXPECT_NE(text.find("… 2/2 (0.0 s)"), std::string::npos) << text;
  }
}

TEST(ProgressOutputTest, TheTargetIsPrintedOnceTheServerIsConnected) {
  const RunEvent connected = {"connected",
                              {{"host", std::string("db")},
                               {"port", int64_t{5432}},
                               {"database", std::string("shop")},
                               {"schema", std::string("public")},
                               {"role", std::string("app")},
                               {"server_version", std::string("15.14")}}};
  for (const ProgressForm form :
       {ProgressForm::kLog, ProgressForm::kTerminal, ProgressForm::kJson, ProgressForm::kNone}) {
    char* bytes = nullptr;
    size_t size = 0;
    ProgressSettings settings;
    settings.form = form;
    settings.stream = std::fopen("/dev/null", "w");
    settings.target_stream = open_memstream(&bytes, &size);
    const auto output = MakeProgressOutput(settings);
    output->Event(connected);
    output->Event(connected);
    output->Finish();
    std::fclose(settings.target_stream);
    std::fclose(settings.stream);
    const bool prints = form == ProgressForm::kLog || form == ProgressForm::kTerminal;
    EXPECT_EQ(std::string(bytes, size),
              prints ? "🔌 shop on db:5432, schema public, role app, PostgreSQL 15.14\n" : "");
    EXPECT_EQ(output->HasPrintedTarget(), prints);
    std::free(bytes);
  }
}

TEST(TerminalTest, ADumbTerminalHasNoColor) {
  const char* before = std::getenv("TERM");
  const std::string type = before == nullptr ? "" : before;
  for (const char* dumb : {"dumb", ""}) {
    setenv("TERM", dumb, 1);
    EXPECT_TRUE(IsDumbTerminal());
    EXPECT_FALSE(UseColor(Color::kAuto, STDERR_FILENO));
    EXPECT_TRUE(UseColor(Color::kAlways, STDERR_FILENO));
  }
  setenv("TERM", "xterm", 1);
  EXPECT_FALSE(IsDumbTerminal());
  setenv("TERM", type.c_str(), 1);
}

TEST(ProgressOutputTest, FinishedIsTheLastEventOfAJsonLog) {
  char* bytes = nullptr;
  size_t size = 0;
  std::FILE* stream = open_memstream(&bytes, &size);
  {
    ProgressSettings settings;
    settings.form = ProgressForm::kJson;
    settings.stream = stream;
    const auto output = MakeProgressOutput(settings);
    output->Event({"finished", {{"outcome", std::string("failed")}}, std::chrono::seconds(60)});
    output->Event({"error", {{"code", std::string("P1001")}}});
    output->Notice("the metrics file was not written");
  }
  std::fclose(stream);
  const std::string text(bytes, size);
  std::free(bytes);
  EXPECT_LT(text.find("\"error\""), text.find("\"finished\"")) << text;
  EXPECT_LT(text.find("\"notice\""), text.find("\"finished\"")) << text;
  std::vector<std::string> times;
  for (const std::string& line : Split(text, '\n')) {
    if (!line.empty()) times.push_back(nlohmann::json::parse(line)["time"]);
  }
  EXPECT_EQ(times.size(), 3U) << text;
  EXPECT_TRUE(std::is_sorted(times.begin(), times.end())) << text;
}

TEST(ProgressOutputTest, NothingIsPrintedWhenQuiet) {
  EXPECT_EQ(PrintedBy(ProgressForm::kNone), "");
}

// The clock alone brings a line while a stage runs: the test waits until it has seen one.
TEST(ProgressOutputTest, ALongStageIsReportedAgain) {
  char* bytes = nullptr;
  size_t size = 0;
  std::FILE* stream = open_memstream(&bytes, &size);
  ProgressSettings settings;
  settings.stream = stream;
  settings.interval = std::chrono::milliseconds(1);
  {
    const auto output = MakeProgressOutput(settings);
    output->Stage("building an index", 0);
    output->Step(0, "20250101000000_index");
    output->Finish();
    output->Stage("building another", 0);
    for (int i = 0; i < 1000 && size < 200; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      output->Step(1, "20250101000000_other");
    }
  }
  std::fclose(stream);
  const std::string text(bytes, size);
  std::free(bytes);
  EXPECT_NE(text.find("⏳ building another 1 ("), std::string::npos) << text;
  EXPECT_NE(text.find("20250101000000_other"), std::string::npos) << text;
}

}  // namespace
}  // namespace ballast::cli
