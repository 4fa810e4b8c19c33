// SPDX-License-Identifier: Apache-2.0
// The HTTP API as a function from request to response. It uses no sockets and never waits for a
// watched database.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "report/run_report.h"
#include "serve/access.h"
#include "serve/metrics.h"
#include "serve/settings.h"
#include "serve/state_registry.h"
#include "serve/store.h"

namespace ballast::serve {

struct HttpRequest {
  std::string method;  // "GET"; HEAD is handled as GET
  std::string path;    // decoded, without the query
  std::map<std::string, std::string> query;
  std::string remote;         // an address
  std::string host;           // the Host header
  bool is_forwarded = false;  // a proxy has said from whom
  std::string authorization;
  std::string content_type;
  std::string body;
};

using Bytes = std::shared_ptr<const std::string>;

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json";
  Bytes body;              // or
  std::string_view file;   // embedded in the program
  bool is_stream = false;  // answered by an event stream instead
  std::vector<std::pair<std::string, std::string>> headers;
};

// Cached documents of the most frequent requests, rebuilt when the registry changes.
struct Documents {
  Bytes overview, packages, runs, figures, metrics, ready, ready_short;
  bool is_ready = false;
};

// What the documents have of the runs in the store.
struct RunsOfStore {
  uint64_t version = 0;        // of the registry's runs
  std::vector<KnownRun> runs;  // newest first
  std::vector<RunCount> counts;
  std::vector<KnownRun> last;  // LastRuns
  Bytes document;              // of the newest; null: not read yet
};

// Publishes the documents in one thread, and reads the runs in another one: a store that does not
// answer delays neither health nor metrics.
class Api {
 public:
  Api(const Settings& settings, StateRegistry& registry, Store& store);
  ~Api();

  // The first part of Answer, for use before the body is read: the response if the request is
  // refused, or nullopt.
  std::optional<HttpResponse> Refuse(const HttpRequest& request);
  // Calls Refuse first.
  HttpResponse Answer(const HttpRequest& request);
  // The second part, for a request that Refuse has accepted.
  HttpResponse AnswerAllowed(const HttpRequest& request);
  ServerCounters& counters() { return counters_; }
  // Waits until documents of another version than `seen` are published, at most for `time`; returns
  // their version.
  uint64_t AwaitDocuments(uint64_t seen, std::chrono::milliseconds time) const;

 private:
  bool IsOfThisMachine(const HttpRequest& request) const;
  bool IsAuthorized(const HttpRequest& request) const;
  std::optional<HttpResponse> AskForToken(const HttpRequest& request);
  HttpResponse Health(const HttpRequest& request);
  HttpResponse Ready(const HttpRequest& request);
  HttpResponse OfDatabase(std::string_view rest, const HttpRequest& request);
  HttpResponse Runs(const HttpRequest& request);
  HttpResponse ReceiveReport(const HttpRequest& request);
  HttpResponse OfApi(std::string_view path, const HttpRequest& request);
  std::shared_ptr<const Documents> Current() const;
  std::shared_ptr<const RunsOfStore> StoredRuns() const;
  bool ReadReports(const std::vector<std::string>& runs,
                   std::map<std::string, report::RunReport>& reports);
  void ReadRuns(uint64_t version);
  void ReadLoop();
  bool IsStopping() const;
  void Publish(const StateView& view);
  void PublishLoop();
  std::vector<report::RunReport> RunsWithGenerations(const RunsOfStore& runs,
                                                     const StateView& view) const;

  const Settings& settings_;
  StateRegistry& registry_;
  Store& store_;
  ServerCounters counters_;
  RateLimit requests_;
  RateLimit reports_;
  RateLimit failed_logins_;
  std::chrono::steady_clock::time_point started_;
  mutable std::mutex mutex_;
  mutable std::condition_variable published_;
  std::shared_ptr<const Documents> documents_;
  uint64_t documents_version_ = 0;
  std::shared_ptr<const RunsOfStore> runs_;
  bool stopping_ = false;
  std::thread publisher_;
  std::thread reader_;
};

}  // namespace ballast::serve
