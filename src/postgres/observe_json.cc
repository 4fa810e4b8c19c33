#include "postgres/observe_json.h"

#include <nlohmann/json.hpp>

#include <array>

namespace ballast::postgres {
namespace {

using nlohmann::json;

std::string DecodeBase64(std::string_view text) {
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) continue;
    bits = bits << 6 | static_cast<uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes += static_cast<char>(bits >> count & 0xFF);
    }
  }
  return bytes;
}

// The JSON inside <d>…</d> of query_to_xml's answer; null when there is none.
json Payload(const json& xml) {
  if (!xml.is_string()) return nullptr;
  const std::string& text = xml.get_ref<const std::string&>();
  const size_t start = text.find("<d>");
  const size_t end = text.find("</d>");
  if (start == std::string::npos || end == std::string::npos) return nullptr;
  return json::parse(DecodeBase64(std::string_view(text).substr(start + 3, end - start - 3)));
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
  server.in_recovery = j.at("in_recovery").get<bool>();
  server.read_only = j.at("read_only").get<bool>();
  server.can_create_schema = j.at("can_create_schema").get<bool>();
  server.can_create_in_schema = j.at("can_create_in_schema").get<bool>();
  server.lacking = j.at("lacking").get<std::vector<std::string>>();
  return server;
}

void AddJournal(const json& journal, plan::Observation& observation) {
  if (const json& last = journal.at(0); last.is_array()) {
    observation.journal_release =
        plan::JournalRelease{last.at(0).get<std::string>(), last.at(1).get<std::string>(),
                             last.at(2).get<std::vector<std::string>>()};
  }
  if (const json& step = journal.at(1); step.is_array() && step.at(0) == "step_started") {
    observation.step_under_way = step.at(1).get<std::string>();
  }
}

plan::Observation ObservationOf(const json& j, const Session& session) {
  plan::Observation observation;
  observation.server = ServerOf(j, session);
  observation.schema = j.at("schema").get<std::string>();
  observation.schema_exists = j.at("schema_exists").get<bool>();
  observation.has_migrations_table = j.at("has_migrations_table").get<bool>();
  if (const json rows = Payload(j.at("rows")); rows.is_array()) {
    for (const json& row : rows) observation.rows.push_back(RowOf(row));
  }
  observation.has_journal = j.at("has_journal").get<bool>();
  if (const json journal = Payload(j.at("journal")); journal.is_array()) {
    AddJournal(journal, observation);
  }
  if (const json indexes = Payload(j.at("invalid_indexes")); indexes.is_array()) {
    for (const json& index : indexes) {
      observation.invalid_indexes.push_back(
          {index.at(0).get<std::string>(), index.at(1).get<std::string>()});
    }
  }
  if (const json objects = Payload(j.at("objects")); objects.is_array()) {
    observation.object_count = objects.at(0).get<int>();
    observation.objects = objects.at(1).get<std::vector<std::string>>();
  }
  return observation;
}

}  // namespace

Result<plan::Observation> ParseObservation(const std::string& text, const Session& session) {
  try {
    return ObservationOf(json::parse(text), session);
  } catch (const json::exception& e) {
    return MakeError(ErrorCode::kCannotTell,
                     std::string("the server's answer is not understood: ") + e.what(),
                     "check that _prisma_migrations is Prisma's table");
  }
}

}  // namespace ballast::postgres
