// SPDX-License-Identifier: Apache-2.0
#include "apply/message.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <iterator>

#include "apply/uuid.h"
#include "base/sqlstate.h"
#include "base/text.h"
#include "sql/foreign_text.h"
#include "sql/secrets.h"
#include "sql/separate_statements.h"
#include "sql/split.h"

namespace ballast::apply {
namespace {

constexpr std::string_view kMarker = "ballast:script:";
constexpr std::string_view kEndMarker = "ballast:end";
constexpr std::string_view kMarkerColumn = "ballast_marker";
constexpr std::string_view kRecordedColumn = "ballast_recorded";

// The server sends its results when a message ends, when its buffer is full, or with a notice. An
// empty text search query raises one (NOTICE, which is not logged by default), so that the results
// of the scripts so far arrive before the next script runs. If client_min_messages hides notices,
// they arrive later. A constant of the type would raise it in the parser, which then counts the
// characters of the message up to there.
constexpr std::string_view kSendResults =
    "SELECT pg_catalog.to_tsquery('pg_catalog.simple', '');\n";

std::string_view LineText(std::string_view script, int line) {
  size_t start = 0;
  for (int i = 1; i < line && start != std::string_view::npos; ++i) {
    start = script.find('\n', start);
    if (start != std::string_view::npos) ++start;
  }
  if (start == std::string_view::npos) return {};
  const std::string_view text = script.substr(start);
  constexpr size_t kLongest = 120;
  return CutToBytes(Trim(text.substr(0, text.find('\n'))), kLongest);
}

// Scripts up to this size are sent in one message with others; larger ones are sent alone, in parts
// of about this size.
constexpr size_t kLarge = size_t{8} << 20;

bool IsMarker(const postgres::Rows& rows, std::string_view prefix) {
  return rows.columns.size() <= 2 && rows.columns[0] == kMarkerColumn && rows.rows.size() == 1 &&
         rows.rows[0][0] && rows.rows[0][0]->starts_with(prefix);
}

// The server's time of a marker, in milliseconds since 1970.
double TimeOf(const postgres::Rows& marker) {
  if (marker.columns.size() < 2 || !marker.rows[0][1]) return 0;
  return std::strtod(marker.rows[0][1]->c_str(), nullptr) * 1000;
}

// "0xe2 0x82 0xac" in: character with byte sequence 0xe2 0x82 0xac in encoding "UTF8" has no …
std::string BytesNamedIn(const std::string& message) {
  std::string bytes;
  for (size_t at = message.find("0x"); at != std::string::npos; at = message.find("0x", at + 1)) {
    bytes += static_cast<char>(std::strtol(message.substr(at + 2, 2).c_str(), nullptr, 16));
  }
  return bytes;
}

bool IsOfEncoding(const postgres::ServerError& error) {
  return error.sqlstate == sqlstate::kUntranslatableCharacter ||
         error.sqlstate == sqlstate::kCharacterNotInRepertoire;
}

// How a script can write these bytes: as they are, or the first one as an escape in E'…'.
std::vector<std::string> TextsOf(const std::string& bytes) {
  if (bytes.empty()) return {};
  const auto first = static_cast<unsigned char>(bytes.front());
  return {bytes, fmt::format("\\x{:02x}", first), fmt::format("\\x{:02X}", first),
          fmt::format("\\{:03o}", first)};
}

}  // namespace

std::vector<std::string_view> PartsOf(std::string_view script, SplitPolicy cut) {
  if (cut == SplitPolicy::kNever || script.size() <= kLarge) return {script};
  std::vector<std::string_view> parts;
  size_t begin = std::string_view::npos;
  size_t end = 0;
  const auto close = [&] {
    if (begin != std::string_view::npos) parts.push_back(script.substr(begin, end - begin));
    begin = std::string_view::npos;
  };
  for (sql::StatementIterator walk(script); walk.Next();) {
    const sql::StatementText& statement = walk.statement();
    if (begin != std::string_view::npos &&
        statement.offset + statement.text.size() > begin + kLarge) {
      close();
    }
    if (begin == std::string_view::npos) begin = statement.offset;
    end = statement.offset + statement.text.size();
  }
  close();
  return parts;
}

std::string& Message::Open() {
  if (parts_.empty() || !parts_.back().borrowed.empty()) parts_.emplace_back();
  return parts_.back().own;
}

void Message::AddOwn(std::string_view sql) {
  if (!sql.empty()) Open() += sql;
}

// The column's name makes Session::RunScript keep the result.
void Message::AddMarker(std::string_view word) {
  Open() += fmt::format(
      "SELECT '{}' AS {}, pg_catalog.date_part('epoch', pg_catalog.clock_timestamp());\n", word,
      kMarkerColumn);
}

void Message::AddScript(const SinkScript& added) {
  const std::string_view script = added.text;
  // A message is read with the settings of its arrival, and Prisma sends one per script.
  if (Open().size() > kLarge || (reads_otherwise_ && !Open().empty())) parts_.emplace_back();
  reads_otherwise_ = reads_otherwise_ || added.changes_reading;
  if (!scripts_.empty() && !Open().empty()) Open() += kSendResults;
  AddMarker(fmt::format("{}{}", kMarker, scripts_.size()));
  if (script.size() > kLarge) {
    scripts_.push_back({parts_.size(), 0, script, std::string(added.name)});
    for (const std::string_view part : PartsOf(script, added.cut)) parts_.push_back({{}, part});
  } else {
    scripts_.push_back({parts_.size() - 1, Open().size(), {}, std::string(added.name)});
    // The script can end inside a line comment and without a semicolon.
    Open().append(script).append("\n;\n");
    scripts_.back().length = script.size();
  }
  if (added.original.size() == script.size()) scripts_.back().original = added.original;
  AddMarker(kEndMarker);
}

std::string Message::NewRowId() {
  return RandomUuid();
}

size_t Message::size() const {
  size_t size = 0;
  for (const Part& part : parts_) size += part.text().size();
  return size;
}

postgres::Outcome Message::Send(postgres::Session& session, const ScriptListener& listener) {
  postgres::Outcome all;
  std::vector<std::string> names;
  for (const Segment& script : scripts_) names.push_back(script.name);
  ScriptWatch watch(std::move(names), listener);
  const auto kept = [&](const postgres::Rows& rows) { watch.See(rows); };
  for (failed_ = 0; failed_ < parts_.size(); ++failed_) {
    const Part& part = parts_[failed_];
    postgres::Outcome one =
        session.RunScript(part.borrowed.empty() ? part.own : std::string(part.borrowed), kept);
    for (postgres::Rows& rows : one.results) rows.ordinal += all.completed;
    all.completed += one.completed;
    std::move(one.results.begin(), one.results.end(), std::back_inserter(all.results));
    all.error = std::move(one.error);
    if (all.error) break;
  }
  return all;
}

std::string_view Message::TextOf(const Segment& script) const {
  if (!script.large.empty()) return script.large;
  return std::string_view(parts_[script.part].own).substr(script.start, script.length);
}

std::string_view Message::QuotedTextOf(const Segment& script) const {
  return script.original.empty() ? TextOf(script) : script.original;
}

ErrorLocation LocationOfStatement(const std::string& name, std::string_view script,
                                  size_t statement) {
  sql::StatementIterator walk(script);
  for (size_t i = 0; i <= statement; ++i) {
    if (!walk.Next()) return {.script = name};
  }
  const int line = walk.statement().line;
  return {.script = name,
          .line = line,
          .statement_start =
              sql::WithoutSecrets(std::string(LineText(script, line)), sql::SecretsIn(script)),
          .hint = sql::ForeignTextHint(script, walk.statement().offset)};
}

ErrorLocation LocationOfOffset(const std::string& name, std::string_view script, size_t offset) {
  offset = std::min(offset, TrimRight(script).size());
  const int line = LineAt(script, offset);
  return {.script = name,
          .line = line,
          .statement_start =
              sql::WithoutSecrets(std::string(LineText(script, line)), sql::SecretsIn(script)),
          .hint = sql::ForeignTextHint(script, offset)};
}

ErrorLocation LocationInOwnTransaction(const postgres::ServerError& error, std::string_view script,
                                       std::string_view part, ErrorLocation otherwise) {
  if (error.sqlstate != sqlstate::kActiveSqlTransaction) return otherwise;
  const auto refused = sql::RefusedInOwnTransaction(part);
  if (!refused) return otherwise;
  ErrorLocation where = LocationOfOffset(otherwise.script, script,
                                         static_cast<size_t>(refused->text.data() - script.data()));
  where.hint = "remove BEGIN and COMMIT around the statement";
  return where;
}

const Message::Segment* Message::SegmentAt(const char* at) const {
  const auto found = std::find_if(scripts_.begin(), scripts_.end(), [&](const Segment& script) {
    const std::string_view text = TextOf(script);
    return !std::less<>()(at, text.data()) && std::less<>()(at, text.data() + text.size());
  });
  return found == scripts_.end() ? nullptr : &*found;
}

// The last script that begins before this position of the failed message.
const Message::Segment* Message::SegmentBefore(const char* at) const {
  const std::string_view sent = parts_[failed_].text();
  const Segment* last = nullptr;
  for (const Segment& script : scripts_) {
    const std::string_view text = TextOf(script);
    const bool within = !std::less<>()(text.data(), sent.data()) && std::less<>()(text.data(), at);
    if (within) last = &script;
  }
  return last;
}

// By the position that the server reports, unless it is in none of the scripts, or in another one
// than that which runs: then it is a position in an expression that the server has read again, like
// that of an index which is built again.
std::optional<ErrorLocation> Message::LocateByPosition(const postgres::ServerError& error,
                                                       int open_script) const {
  if (error.position <= 0 || failed_ >= parts_.size()) return std::nullopt;
  const std::string_view sent = parts_[failed_].text();
  const char* const at = sent.data() + ByteOffset(sent, error.position);
  const Segment* script = SegmentAt(at);
  const bool at_end = script == nullptr && error.sqlstate == sqlstate::kSyntaxError;
  if (at_end) script = SegmentBefore(at);
  if (script == nullptr ||
      (open_script >= 0 && script != &scripts_.at(static_cast<size_t>(open_script)))) {
    return std::nullopt;
  }
  const std::string_view sent_text = TextOf(*script);
  const size_t offset =
      at_end ? TrimRight(sent_text).size() : static_cast<size_t>(at - sent_text.data());
  ErrorLocation location = LocationOfOffset(script->name, QuotedTextOf(*script), offset);
  location.at_end = at_end;
  return location;
}

// The server converts and reads a whole message before it runs any of it, and reports no position
// for a character that the encoding does not have.
std::optional<ErrorLocation> Message::LocateCharacter(const postgres::ServerError& error) const {
  if (!IsOfEncoding(error)) return std::nullopt;
  for (const std::string& text : TextsOf(BytesNamedIn(error.message))) {
    for (const Segment& script : scripts_) {
      const size_t at = TextOf(script).find(text);
      if (at == std::string_view::npos) continue;
      return LocationOfOffset(script.name, QuotedTextOf(script), at);
    }
  }
  return std::nullopt;
}

ErrorLocation Message::LocateError(const postgres::Outcome& outcome) const {
  const MessageProgress progress = ProgressOf(outcome);
  const int open = progress.open_script;
  const bool runs = open >= 0 && static_cast<size_t>(open) < scripts_.size();
  if (outcome.error) {
    auto located = LocateByPosition(*outcome.error, runs ? open : -1);
    if (!located) located = LocateCharacter(*outcome.error);
    if (located) return *std::move(located);
  }
  if (!runs) {
    const bool unread = outcome.error && IsOfEncoding(*outcome.error) && scripts_.size() == 1;
    return unread ? ErrorLocation{.script = scripts_.front().name} : ErrorLocation{};
  }
  const Segment& script = scripts_[static_cast<size_t>(open)];
  return LocationOfStatement(script.name, QuotedTextOf(script), progress.open_statements);
}

MessageProgress Message::ProgressOf(const postgres::Outcome& outcome) {
  MessageProgress progress;
  int recorded = 0;
  size_t begun_at = 0;
  for (const postgres::Rows& rows : outcome.results) {
    if (rows.columns.empty()) {  // a COMMIT (Session::RunScript)
      if (progress.open_script >= 0) continue;
      ++progress.commits;
      progress.recorded = recorded;
    } else if (IsMarker(rows, kMarker)) {
      progress.open_script = std::atoi(rows.rows[0][0]->c_str() + kMarker.size());
      begun_at = rows.ordinal + 1;
      ++progress.scripts_begun;
    } else if (IsMarker(rows, kEndMarker)) {
      progress.open_script = -1;
    } else if (rows.columns[0] == kRecordedColumn && !rows.rows.empty()) {
      recorded += std::atoi(rows.rows[0][0].value_or("0").c_str());
    }
  }
  if (outcome.completed > begun_at) progress.open_statements = outcome.completed - begun_at;
  return progress;
}

void ScriptWatch::See(const postgres::Rows& rows) {
  if (rows.columns.empty()) return;
  if (IsMarker(rows, kMarker)) {
    script_ = static_cast<size_t>(std::atoi(rows.rows[0][0]->c_str() + kMarker.size()));
    started_ = TimeOf(rows);
  } else if (started_ && IsMarker(rows, kEndMarker) && script_ < names_.size()) {
    if (listener_.ended) listener_.ended({names_[script_], *started_, TimeOf(rows)});
    started_.reset();
    if (listener_.began && script_ + 1 < names_.size()) listener_.began(names_[script_ + 1]);
  }
}

}  // namespace ballast::apply
