// SPDX-License-Identifier: Apache-2.0
#include "serve/api.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "serve/documents_json.h"
#include "serve/figures.h"
#include "serve/web_files.h"

namespace ballast::serve {
namespace {

constexpr int kRunsShown = 300;
constexpr int kRunsKnown = 20'000;
constexpr size_t kRunsAtOnce = 500;
constexpr std::chrono::hours kFailuresCountFor{7 * 24};  // on a database that is not watched
constexpr std::chrono::milliseconds kPublishAtMostEvery{250};
constexpr std::chrono::milliseconds kPublishAtLeastEvery{1000};

using Steady = std::chrono::steady_clock;

HttpResponse Document(std::string json, int status = 200) {
  HttpResponse response;
  response.status = status;
  response.body = std::make_shared<const std::string>(std::move(json));
  return response;
}

HttpResponse Document(Bytes bytes, int status = 200, std::string type = "application/json") {
  HttpResponse response;
  response.status = status;
  response.content_type = std::move(type);
  response.body = std::move(bytes);
  return response;
}

HttpResponse Failure(int status, const std::string& code, const std::string& message,
                     const std::string& hint = {}) {
  return Document(ErrorJson(code, message, hint), status);
}

HttpResponse TooMany(const std::string& message, std::chrono::seconds wait) {
  HttpResponse response =
      Failure(429, "too_many", message, wait.count() == 1 ? "wait a second" : "wait a minute");
  response.headers.emplace_back("Retry-After", std::to_string(wait.count()));
  return response;
}

HttpResponse NotFound() {
  return Failure(404, "not_found", "there is no such page");
}

std::string TypeOf(std::string_view name) {
  if (name.ends_with(".html")) return "text/html; charset=utf-8";
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
  if (name.ends_with(".svg")) return "image/svg+xml";
  return "application/json";
}

// A file of the dashboard, or null.
const WebFile* FileOf(std::string_view path) {
  if (!path.starts_with('/')) return nullptr;
  const std::string_view name = path == "/" ? "index.html" : path.substr(1);
  for (const WebFile& file : WebFileList()) {
    if (file.name == name) return &file;
  }
  return nullptr;
}

std::string QueryText(const HttpRequest& request, const std::string& name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? std::string() : found->second;
}

// A missing parameter of the query is empty; one that is not a number is refused.
struct QueryNumber {
  std::optional<int64_t> number;
  bool is_valid = true;
};

QueryNumber NumberOf(const HttpRequest& request, const std::string& name) {
  const std::string text = QueryText(request, name);
  if (!request.query.contains(name)) return {};
  int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool valid =
      !text.empty() && failed == std::errc() && end == text.data() + text.size() && number >= 0;
  return valid ? QueryNumber{number, true} : QueryNumber{{}, false};
}

// "2026-11-26", "2026-11-26T20:11", "2026-11-26T20:11:14.123Z": runs are compared as text.
bool IsTime(std::string_view text) {
  constexpr std::string_view kForm = "dddd-dd-ddTdd:dd:dd.ddddddZ";
  if (text.ends_with('Z')) text.remove_suffix(1);
  if (text.size() < 10 || text.size() > kForm.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kForm[i] == 'd' ? !digit : text[i] != kForm[i]) return false;
  }
  return true;
}

HttpResponse WrongParameter(const std::string& name, const std::string& hint) {
  return Failure(400, "parameter", "the value of the parameter " + name + " is not valid", hint);
}

constexpr int64_t kMostRuns = 1000;

bool IsOpen(std::string_view path) {
  return path == "/healthz" || path == "/readyz";
}

std::vector<KnownRun> RunsThatCount(std::vector<KnownRun> last) {
  const std::string since = TimeText(Clock::now() - kFailuresCountFor);
  std::erase_if(last, [&](const KnownRun& run) { return IsForgotten(run, since); });
  return last;
}

// Without what neither figures nor metrics use, because thousands of runs are kept.
report::RunReport InShort(report::RunReport run) {
  run.migrations.clear();
  run.drift.clear();
  run.additions.clear();
  run.message.clear();
  run.origin = {};
  return run;
}

}  // namespace

Api::Api(const Settings& settings, StateRegistry& registry, Store& store)
    : settings_(settings),
      registry_(registry),
      store_(store),
      requests_(static_cast<double>(settings.limits.requests_per_second),
                2.0 * static_cast<double>(settings.limits.requests_per_second)),
      reports_(static_cast<double>(settings.limits.reports_per_second),
               2.0 * static_cast<double>(settings.limits.reports_per_second)),
      failed_logins_(static_cast<double>(settings.limits.failed_logins_per_minute) / 60,
                     static_cast<double>(settings.limits.failed_logins_per_minute)),
      started_(Steady::now()),
      runs_(std::make_shared<const RunsOfStore>()) {
  Publish(registry_.View());  // without the runs, however many there are
  publisher_ = std::thread([this] { PublishLoop(); });
  reader_ = std::thread([this] { ReadLoop(); });
}

Api::~Api() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  publisher_.join();
  reader_.join();
}

bool Api::IsStopping() const {
  const std::scoped_lock lock(mutex_);
  return stopping_;
}

void Api::PublishLoop() {
  uint64_t seen = 0;
  while (!IsStopping()) {
    registry_.NoteStaleness();
    Publish(registry_.View());
    std::this_thread::sleep_for(kPublishAtMostEvery);
    seen = registry_.Await(seen, kPublishAtLeastEvery);
  }
}

void Api::ReadLoop() {
  uint64_t seen = 0;
  while (!IsStopping()) {
    const uint64_t version = registry_.runs_version();
    if (StoredRuns()->version != version) ReadRuns(version);
    std::this_thread::sleep_for(kPublishAtMostEvery);
    seen = registry_.Await(seen, kPublishAtLeastEvery);
  }
}

// Adds the reports of these runs, in short. False if not all could be read.
bool Api::ReadReports(const std::vector<std::string>& runs,
                      std::map<std::string, report::RunReport>& reports) {
  for (size_t at = 0; at < runs.size(); at += kRunsAtOnce) {
    if (IsStopping()) return false;
    const auto end = static_cast<ptrdiff_t>(std::min(runs.size(), at + kRunsAtOnce));
    const auto page =
        store_.RunsOf({runs.begin() + static_cast<ptrdiff_t>(at), runs.begin() + end});
    if (!page) return false;
    for (const StoredRun& run : *page) {
      auto report = report::ParseRunReport(run.report);
      if (!report) continue;
      report->started_at = run.started_at;  // not in the future
      reports.emplace(run.run, InShort(*std::move(report)));
    }
  }
  return true;
}

// Reads only the reports that are new.
void Api::ReadRuns(uint64_t version) {
  const auto list = store_.RunList(kRunsKnown);
  auto newest = store_.Runs({.database = {}, .command = {}, .since = {}, .limit = kRunsShown});
  auto counts = store_.Counts();
  if (!list || !newest || !counts) return;
  std::map<std::string, report::RunReport> reports;
  for (const KnownRun& run : StoredRuns()->runs) reports.emplace(run.report.run, run.report);
  std::vector<std::string> unknown;
  for (const StoredRun& run : *list) {
    if (!reports.contains(run.run)) unknown.push_back(run.run);
  }
  const bool complete = ReadReports(unknown, reports);
  auto read = std::make_shared<RunsOfStore>();
  for (const StoredRun& run : *list) {
    const auto report = reports.find(run.run);
    if (report != reports.end()) read->runs.push_back({run.database, std::move(report->second)});
  }
  read->last = LastRuns(read->runs);
  read->counts = *std::move(counts);
  read->document = std::make_shared<const std::string>(RunsJson(*newest));
  if (complete) read->version = version;
  {
    const std::scoped_lock lock(mutex_);
    runs_ = std::move(read);
  }
  registry_.NotifyRunsRead();
}

void Api::Publish(const StateView& view) {
  const std::shared_ptr<const RunsOfStore> runs = StoredRuns();
  const std::vector<report::KeyFigure> figures =
      FiguresOf(view, RunsWithGenerations(*runs, view), settings_.thresholds);
  auto documents = std::make_shared<Documents>();
  const auto keep = [](std::string text) {
    return std::make_shared<const std::string>(std::move(text));
  };
  documents->overview = keep(OverviewJson(view, settings_, figures));
  documents->packages = keep(PackagesJson(view));
  documents->runs = runs->document ? runs->document : keep(RunsJson({}));
  documents->figures = keep(FiguresJson(figures));
  documents->metrics =
      keep(RenderMetrics(view, runs->counts, RunsThatCount(runs->last), figures, counters_));
  documents->is_ready = view.Reasons().empty();
  documents->ready = keep(ReadyJson(view, true));
  documents->ready_short = keep(ReadyJson(view, false));
  {
    const std::scoped_lock lock(mutex_);
    documents_ = std::move(documents);
    documents_version_ = view.version;
  }
  published_.notify_all();
}

uint64_t Api::AwaitDocuments(uint64_t seen, std::chrono::milliseconds time) const {
  std::unique_lock lock(mutex_);
  published_.wait_for(lock, time, [&] { return documents_version_ != seen; });
  return documents_version_;
}

// A package that was made on this machine has a record here, which no journal has.
std::vector<report::RunReport> Api::RunsWithGenerations(const RunsOfStore& stored,
                                                        const StateView& view) const {
  std::vector<report::RunReport> runs;
  runs.reserve(stored.runs.size());
  for (const KnownRun& run : stored.runs) runs.push_back(run.report);
  if (!settings_.last_generation) return runs;
  for (const PackagePtr& package : view.packages) {
    if (package->absolute_folder.empty()) continue;
    if (auto run = settings_.last_generation(package->absolute_folder))
      runs.push_back(*std::move(run));
  }
  return runs;
}

std::shared_ptr<const RunsOfStore> Api::StoredRuns() const {
  const std::scoped_lock lock(mutex_);
  return runs_;
}

std::shared_ptr<const Documents> Api::Current() const {
  const std::scoped_lock lock(mutex_);
  return documents_;
}

// A proxy on this machine may name it in the Host header of every request.
bool Api::IsOfThisMachine(const HttpRequest& request) const {
  const bool is_local_name = IsAllowedHost(request.host, {});
  if (request.is_forwarded && is_local_name) return false;
  return is_local_name || IsAllowedHost(request.host, settings_.allowed_hosts);
}

bool Api::IsAuthorized(const HttpRequest& request) const {
  if (settings_.token.empty()) return true;
  const std::string_view given = BearerToken(request.authorization);
  return !given.empty() && SameSecret(given, settings_.token);
}

std::optional<HttpResponse> Api::AskForToken(const HttpRequest& request) {
  const auto now = Steady::now();
  // First: clients with the right token may have the address of others, that of a proxy.
  if (IsAuthorized(request)) return std::nullopt;
  if (!request.authorization.empty() && !failed_logins_.Take(request.remote, now)) {
    return TooMany("there were too many wrong tokens", std::chrono::minutes(1));
  }
  HttpResponse response =
      Failure(401, "token", "this needs a token", "send it as Authorization: Bearer TOKEN");
  response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

std::optional<HttpResponse> Api::Refuse(const HttpRequest& request) {
  const auto now = Steady::now();
  const auto refused = [&](HttpResponse response) {
    ++counters_.refused;
    return std::optional<HttpResponse>(std::move(response));
  };
  const bool has_token = !settings_.token.empty() && IsAuthorized(request);
  if (!has_token && !requests_.Take(request.remote, now)) {
    return refused(TooMany("there were too many requests", std::chrono::seconds(1)));
  }
  const bool is_report =
      request.method == "POST" && request.path == "/api/v1/runs" && !settings_.ready_only;
  if (request.method != "GET" && !is_report) {
    const bool takes_reports = request.path == "/api/v1/runs" && !settings_.ready_only;
    HttpResponse response = Failure(
        405, "method",
        takes_reports ? "only GET, HEAD and POST are allowed" : "only GET and HEAD are allowed");
    response.headers.emplace_back("Allow", takes_reports ? "GET, HEAD, POST" : "GET, HEAD");
    return refused(std::move(response));
  }
  if (settings_.token.empty() && !IsOpen(request.path) && !IsOfThisMachine(request)) {
    return refused(Failure(
        403, "host",
        request.is_forwarded ? "a proxy has sent this for another machine, and there is no token"
                             : "this name is not allowed",
        request.is_forwarded ? "start ballast serve with BALLAST_SERVE_TOKEN, or let the proxy "
                               "keep the Host header, "
                               "and add that name to allowed_hosts in ballast.toml"
                             : "add it to allowed_hosts in ballast.toml, or set a token"));
  }
  if (is_report) {
    if (settings_.token.empty()) {
      return refused(Failure(403, "no_token", "reports are accepted only if a token is set",
                             "start ballast serve with BALLAST_SERVE_TOKEN"));
    }
    if (!reports_.Take(request.remote, now)) {
      return refused(TooMany("there were too many reports", std::chrono::seconds(1)));
    }
  }
  const bool is_data = request.path.starts_with("/api/") || request.path == "/metrics";
  if (is_data) {
    if (auto response = AskForToken(request)) return refused(*std::move(response));
  }
  return std::nullopt;
}

HttpResponse Api::Answer(const HttpRequest& request) {
  if (auto refusal = Refuse(request)) return *std::move(refusal);
  return AnswerAllowed(request);
}

HttpResponse Api::AnswerAllowed(const HttpRequest& request) {
  ++counters_.requests;
  const std::string_view path = request.path;
  if (path == "/healthz") return Health(request);
  if (path == "/readyz") return Ready(request);
  if (settings_.ready_only) return NotFound();
  if (path == "/metrics") {
    return Document(Current()->metrics, 200, "text/plain; version=0.0.4; charset=utf-8");
  }
  constexpr std::string_view kApi = "/api/v1/";
  if (path.starts_with(kApi)) return OfApi(path.substr(kApi.size()), request);
  const WebFile* file = FileOf(path);
  if (file == nullptr) return NotFound();
  HttpResponse response;
  response.content_type = TypeOf(file->name);
  response.file = file->bytes;
  return response;
}

HttpResponse Api::Health(const HttpRequest&) {
  const auto up = Steady::now() - started_;
  return Document(HealthJson(std::chrono::duration_cast<std::chrono::seconds>(up).count()));
}

HttpResponse Api::Ready(const HttpRequest& request) {
  const auto documents = Current();
  // Reasons name database objects, so only authorized requests get them.
  const bool trusted = settings_.token.empty()
                           ? IsLoopback(request.remote) && IsOfThisMachine(request)
                           : !request.authorization.empty() && !AskForToken(request);
  return Document(trusted ? documents->ready : documents->ready_short,
                  documents->is_ready ? 200 : 503);
}

HttpResponse Api::OfApi(std::string_view path, const HttpRequest& request) {
  if (path == "runs") return request.method == "POST" ? ReceiveReport(request) : Runs(request);
  if (path == "overview" || path == "databases") return Document(Current()->overview);
  if (path == "packages") return Document(Current()->packages);
  if (path == "figures") return Document(Current()->figures);
  if (path == "events") {
    HttpResponse stream;
    stream.is_stream = true;
    return stream;
  }
  if (path == "openapi.json") {
    HttpResponse response;
    response.file = FileOf("/openapi.json")->bytes;
    return response;
  }
  constexpr std::string_view kDatabases = "databases/";
  if (path.starts_with(kDatabases)) return OfDatabase(path.substr(kDatabases.size()), request);
  return NotFound();
}

HttpResponse Api::OfDatabase(std::string_view rest, const HttpRequest& request) {
  const size_t slash = rest.find('/');
  const std::string name(rest.substr(0, slash));
  const std::string_view part = slash == rest.npos ? "" : rest.substr(slash + 1);
  const auto& targets = settings_.targets;
  const auto found = std::find_if(targets.begin(), targets.end(),
                                  [&](const TargetSpec& spec) { return spec.name == name; });
  if (found == targets.end()) {
    return Failure(404, "not_found", "no database with this name is watched",
                   "/api/v1/databases lists them");
  }
  const auto index = static_cast<size_t>(found - targets.begin());
  if (part == "samples") {
    const QueryNumber since = NumberOf(request, "since");
    if (!since.is_valid) return WrongParameter("since", "write seconds since 1970");
    const auto samples = store_.Samples(name, since.number.value_or(0));
    if (!samples) return Failure(503, "store", "the store cannot be used");
    return Document(SamplesJson(*samples));
  }
  const StateView view = registry_.View();
  if (part.empty()) return Document(DatabaseJson(view, index));
  if (part != "catalog") return NotFound();
  if (view.databases[index]->catalog == nullptr) {
    return Failure(404, "not_known", "the catalog of this database is not known yet");
  }
  return Document(view.databases[index]->catalog);
}

HttpResponse Api::Runs(const HttpRequest& request) {
  if (request.query.empty()) return Document(Current()->runs);
  RunQuery query;
  query.database = QueryText(request, "database");
  query.command = QueryText(request, "command");
  query.outcome = QueryText(request, "outcome");
  query.since = QueryText(request, "since");
  const QueryNumber limit = NumberOf(request, "limit");
  if (!limit.is_valid) return WrongParameter("limit", "write a number from 0 to 1000");
  if (!query.since.empty() && !IsTime(query.since)) {
    return WrongParameter("since", "write a time in UTC: 2026-11-26 or 2026-11-26T20:11:14Z");
  }
  if (!query.outcome.empty() && !report::OutcomeOf(query.outcome)) {
    return WrongParameter("outcome",
                          "write done, nothing, refused, failed, partial or interrupted");
  }
  query.limit = static_cast<int>(std::min(limit.number.value_or(kRunsShown), kMostRuns));
  const auto runs = store_.Runs(query);
  if (!runs) return Failure(503, "store", "the store cannot be used");
  return Document(RunsJson(*runs));
}

HttpResponse Api::ReceiveReport(const HttpRequest& request) {
  StoredRun run;
  if (const auto wrong = ReadPostedReport(request.body, registry_.View(), run)) {
    return Failure(400, "report", *wrong, "docs/operations.md describes run reports");
  }
  const auto added = store_.AddRun(run);
  if (!added) return Failure(503, "store", "the store cannot be used", "send the report again");
  ++counters_.reports;
  if (*added) registry_.NotifyRuns();
  return Document("{\"taken\":true}\n", *added ? 201 : 200);
}

}  // namespace ballast::serve
