// SPDX-License-Identifier: Apache-2.0
#include "postgres/observe_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "postgres/journal.h"
#include "postgres/percent_encoding.h"
#include "release/package.h"

namespace ballast::postgres {
namespace {

using nlohmann::json;

constexpr std::array<int8_t, 256> Base64Values() {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<int8_t, 256> values{};
  values.fill(-1);
  for (size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<uint8_t>(kAlphabet[i])] = static_cast<int8_t>(i);
  }
  return values;
}

// In place, because the decoded text is never longer.
void DecodeBase64(std::string& text) {
  static constexpr std::array<int8_t, 256> kValues = Base64Values();
  size_t done = 0;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const int8_t value = kValues[static_cast<uint8_t>(c)];
    if (value < 0) continue;
    bits = bits << 6 | static_cast<uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      text[done++] = static_cast<char>(bits >> count & 0xFF);
    }
  }
  text.resize(done);
}

// The number in <since>…</since>; empty when there is none.
std::optional<double> SinceOf(const std::string& xml) {
  constexpr std::string_view kTag = "<since>";
  const size_t start = xml.rfind(kTag);
  if (start == std::string::npos) return std::nullopt;
  return std::strtod(xml.c_str() + start + kTag.size(), nullptr);
}

// What is inside <d>…</d> of query_to_xml's answer; empty when there is none.
std::string PayloadOf(std::string xml) {
  const size_t start = xml.find("<d>");
  const size_t end = xml.find("</d>");
  if (start == std::string::npos || end == std::string::npos) return {};
  xml.erase(end);
  xml.erase(0, start + 3);
  DecodeBase64(xml);
  return xml;
}

// The same as JSON; null when there is none.
json Payload(const json& xml) {
  if (!xml.is_string()) return nullptr;
  const std::string text = PayloadOf(xml.get<std::string>());
  return text.empty() ? json() : json::parse(text);
}

std::string TextOrEmpty(const json& value) {
  return value.is_string() ? value.get<std::string>() : std::string();
}

plan::MigrationRow RowOf(const json& row) {
  plan::MigrationRow parsed;
  parsed.name = row.at(0).get<std::string>();
  parsed.checksum = row.at(1).get<std::string>();
  parsed.finished = row.at(2).get<bool>();
  parsed.rolled_back = row.at(3).get<bool>();
  parsed.applied_steps = row.at(4).get<int>();
  parsed.started_at = TextOrEmpty(row.at(5));
  parsed.logs = TextOrEmpty(row.at(6));
  return parsed;
}

plan::ServerState ServerOf(const json& j, const Session& session) {
  plan::ServerState server;
  server.major = session.server_major();
  server.version = session.server_version_text();
  server.database = j.at("database").get<std::string>();
  server.role = j.at("role").get<std::string>();
  server.superuser = j.at("superuser").get<bool>();
  server.in_recovery = j.at("in_recovery").get<bool>();
  server.read_only = j.at("read_only").get<bool>();
  const auto source = [&](const char* key) {
    return plan::SettingSourceNamed(j.at(key).is_string() ? j.at(key).get<std::string>() : "");
  };
  server.read_only_source = source("read_only_source");
  server.search_path_source = source("search_path_source");
  if (const json& path = j.at("unusable_search_path"); path.is_string()) {
    server.unusable_search_path = path.get<std::string>();
  }
  server.can_create_schema = j.at("can_create_schema").get<bool>();
  server.can_create_in_schema = j.at("can_create_in_schema").get<bool>();
  for (const json& missing : j.at("missing_privileges")) {
    server.missing_privileges.push_back(
        {missing.at(0).get<std::string>(), missing.at(1).get<std::string>()});
  }
  for (const json& setting : j.at("settings")) {
    server.script_settings.push_back(
        {setting.at(0).get<std::string>(), setting.at(1).get<std::string>(),
         setting.at(2).get<std::string>(),
         plan::SettingSourceNamed(setting.at(3).get<std::string>()), setting.at(4).get<bool>()});
  }
  return server;
}

void AddJournal(const json& journal, plan::Observation& observation) {
  if (const json& last = journal.at(0); last.is_array()) {
    observation.journal_release =
        plan::JournalRelease{last.at(0).get<std::string>(), last.at(1).get<std::string>(),
                             last.at(2).get<std::vector<std::string>>()};
  }
  const json& step = journal.at(1);
  if (step.is_array() && step.at(0) == NameOf(JournalEvent::kStepStarted)) {
    observation.step_in_progress = step.at(1).get<std::string>();
  }
}

// Parses what NoteReleaseSql has written; other lines of the comment are ignored.
void AddNote(std::string_view comment, plan::Observation& observation) {
  size_t begin =
      comment.starts_with(kNoteBegins) ? 0 : comment.find("\n" + std::string(kNoteBegins));
  if (begin == comment.npos) return;
  if (comment[begin] == '\n') ++begin;
  const std::string_view line = comment.substr(begin, comment.find('\n', begin) - begin);
  const json note = json::parse(line, nullptr, false);
  if (!note.is_object() || !note.contains("ballast")) return;
  const json& release = note.at("ballast");
  if (!release.is_array() || release.size() != 3) return;
  observation.journal_release =
      plan::JournalRelease{release.at(0).get<std::string>(), release.at(1).get<std::string>(),
                           release.at(2).get<std::vector<std::string>>()};
}

// A note stays when another program has changed the rows since; it counts while the baseline of its
// release is recorded.
bool IsRecorded(const plan::JournalRelease& release, const std::vector<plan::MigrationRow>& rows) {
  return std::any_of(rows.begin(), rows.end(), [&](const plan::MigrationRow& row) {
    return row.name == release::kBaselineName && !row.rolled_back &&
           row.checksum == release.baseline_checksum;
  });
}

// What is missing in a row, as a sentence; empty: nothing. Prisma's table does not allow NULL
// there, but a copy of it may have lost its constraints.
std::string MissingIn(const json& row) {
  if (row.at(0).is_null()) return "a row has no migration_name";
  if (row.at(1).is_null()) return "the row of " + row.at(0).get<std::string>() + " has no checksum";
  return {};
}

// Row by row, because JSON for a long table would take several times its text.
Result<std::vector<plan::MigrationRow>> RowsOf(const std::string& text) {
  std::vector<plan::MigrationRow> rows;
  if (text.empty()) return rows;
  rows.reserve(static_cast<size_t>(std::count(text.begin(), text.end(), '[')));
  std::string missing;
  const auto take = [&](int depth, json::parse_event_t event, json& parsed) {
    if (depth != 1 || event != json::parse_event_t::array_end) return true;
    if (missing.empty()) missing = MissingIn(parsed);
    if (missing.empty()) rows.push_back(RowOf(parsed));
    return false;
  };
  const json emptied = json::parse(text, take);
  if (missing.empty()) return rows;
  return MakeError(ErrorCode::kCannotTell,
                   "the table _prisma_migrations cannot be used: " + missing + " (NULL)",
                   "complete or delete the row, and restore the NOT NULL constraints of Prisma's "
                   "table");
}

Error CannotParse(const json::exception& e) {
  return MakeError(ErrorCode::kCannotTell,
                   std::string("the server's answer cannot be parsed: ") + e.what(),
                   "check that _prisma_migrations is Prisma's table");
}

Error RowsOutsidePath(const std::string& path, const std::string& schema) {
  return MakeError(
      ErrorCode::kCannotTell,
      fmt::format("the migrations of this database are recorded in the schema public, which is not "
                  "on the search_path of this session ({})",
                  path),
      fmt::format(
          "name the schema in the URL: ?schema=public continues there, ?schema={} begins in "
          "{}",
          PercentEncode(schema), schema));
}

plan::Observation ObservationOf(const json& j, const std::vector<std::string>& schemas,
                                const Session& session) {
  plan::Observation observation;
  observation.server = ServerOf(j, session);
  observation.schema = j.at("schema").get<std::string>();
  const auto current = j.at("current_schema").get<std::string>();
  if (current != observation.schema) observation.other_current_schema = current;
  observation.schema_exists = j.at("schema_exists").get<bool>();
  observation.has_migrations_table = j.at("has_migrations_table").get<bool>();
  observation.altered_migrations_table = j.at("altered_table").get<bool>();
  observation.has_runs = j.at("has_runs").get<bool>();
  observation.has_kept_data = j.at("has_kept_data").get<bool>();
  observation.has_plpgsql = j.at("has_plpgsql").get<bool>();
  observation.can_write_runs = j.at("can_write_runs").get<bool>();
  observation.has_journal = j.at("has_journal").get<bool>();
  if (const json journal = Payload(j.at("journal")); journal.is_array()) {
    AddJournal(journal, observation);
  }
  if (!observation.journal_release) AddNote(TextOrEmpty(j.at("note")), observation);
  const auto is_target = [&](const std::string& schema) {
    return schema == observation.schema || std::ranges::find(schemas, schema) != schemas.end();
  };
  if (const json indexes = Payload(j.at("invalid_indexes")); indexes.is_array()) {
    for (const json& index : indexes) {
      auto schema = index.at(0).get<std::string>();
      if (!is_target(schema)) continue;
      observation.invalid_indexes.push_back({std::move(schema), index.at(1).get<std::string>()});
    }
  }
  if (const json objects = Payload(j.at("objects")); objects.is_array()) {
    observation.object_count = objects.at(0).get<int>();
    observation.objects = objects.at(1).get<std::vector<std::string>>();
    const auto occupied = objects.at(3).get<std::vector<std::string>>();
    observation.has_others = objects.at(2).get<bool>() || std::ranges::any_of(occupied, is_target);
    observation.has_outside = objects.at(4).get<bool>();
  }
  return observation;
}

}  // namespace

Result<plan::Observation> ParseObservation(const std::string& text, std::string rows,
                                           const std::vector<std::string>& schemas,
                                           const Session& session) {
  try {
    const json state = json::parse(text);
    plan::Observation observation = ObservationOf(state, schemas, session);
    if (const json& path = state.at("path_without_rows"); path.is_string()) {
      return RowsOutsidePath(path.get<std::string>(), observation.schema);
    }
    observation.since_last_migration = SinceOf(rows);
    TRY_ASSIGN(observation.rows, RowsOf(PayloadOf(std::move(rows))));
    if (observation.journal_release &&
        !IsRecorded(*observation.journal_release, observation.rows)) {
      observation.journal_release.reset();
    }
    return observation;
  } catch (const json::exception& e) {
    return CannotParse(e);
  }
}

Result<plan::Observation> ParseRows(const std::string& rows, const Session& session) {
  try {
    plan::Observation observation;
    observation.server.major = session.server_major();
    observation.server.version = session.server_version_text();
    observation.schema_exists = observation.has_migrations_table = true;
    TRY_ASSIGN(observation.rows, RowsOf(rows));
    return observation;
  } catch (const json::exception& e) {
    return CannotParse(e);
  }
}

}  // namespace ballast::postgres
