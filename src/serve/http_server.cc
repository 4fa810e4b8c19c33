// SPDX-License-Identifier: Apache-2.0
#define CPPHTTPLIB_LISTEN_BACKLOG 128
#define CPPHTTPLIB_USE_POLL
#include "serve/http_server.h"

#include <fmt/format.h>
#include <httplib.h>

#include <thread>

#include "serve/access.h"
#include "serve/connection.h"
#include "serve/connection_pool.h"
#include "serve/documents_json.h"

namespace ballast::serve {
namespace {

constexpr size_t kHeadBytes = 32 << 10;  // the request line and all headers
constexpr std::chrono::seconds kKeepAlive{15};
constexpr int kRequestsPerConnection = 10'000;
constexpr std::chrono::seconds kHeartbeat{5};  // the dashboard counts on it (app.js)

const httplib::Headers& SecurityHeaders() {
  static const httplib::Headers headers = {
      {"Content-Security-Policy",
       "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src "
       "'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
      {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "DENY"},
      {"Referrer-Policy", "no-referrer"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Cache-Control", "no-store"}};
  return headers;
}

// cpp-httplib's view of a Connection.
class ConnectionStream : public httplib::Stream {
 public:
  explicit ConnectionStream(Connection& connection)
      : connection_(connection), remote_(connection.RemoteAddress()) {}

  bool is_readable() const override { return connection_.IsReadable(); }
  bool is_writable() const override { return connection_.IsWritable(); }
  ssize_t read(char* bytes, size_t size) override { return connection_.Read(bytes, size); }
  ssize_t write(const char* bytes, size_t size) override { return connection_.Write(bytes, size); }
  void get_remote_ip_and_port(std::string& ip, int& port) const override {
    ip = remote_;
    port = 0;
  }
  void get_local_ip_and_port(std::string& ip, int& port) const override {
    ip.clear();
    port = 0;
  }
  socket_t socket() const override { return connection_.socket(); }

 private:
  Connection& connection_;
  std::string remote_;
};

// The connection that this thread serves.
thread_local Connection* t_connection = nullptr;
thread_local bool t_close = false;     // after this response
thread_local bool t_answered = false;  // by the Api, not by cpp-httplib
thread_local bool t_refuse = false;    // there are too many connections

HttpRequest RequestOf(const httplib::Request& from) {
  HttpRequest request;
  request.method = from.method == "HEAD" ? "GET" : from.method;
  request.path = from.path.empty() ? "/" : from.path;  // RFC 9110, 4.2.3
  for (const auto& [name, value] : from.params) request.query.emplace(name, value);
  request.remote = from.remote_addr;
  request.host = from.get_header_value("Host");
  request.is_forwarded = from.has_header("X-Forwarded-For") || from.has_header("Forwarded") ||
                         from.has_header("X-Real-IP");
  request.authorization = from.get_header_value("Authorization");
  request.content_type = from.get_header_value("Content-Type");
  request.body = from.body;
  return request;
}

}  // namespace

class HttpServer::Impl : public httplib::Server {
 public:
  Impl(const Settings& settings, Api& api) : settings_(settings), api_(api) {
    set_default_headers(SecurityHeaders());
    set_tcp_nodelay(true);
    // The library's default would let several processes share the port.
    set_socket_options([](socket_t socket) {
      const int yes = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    });
    set_payload_max_length(settings.limits.body_bytes);
    set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
      return Route(request, response);
    });
    Post("/api/v1/runs", [this](const httplib::Request& request, httplib::Response& response) {
      Fill(api_.AnswerAllowed(RequestOf(request)), response);
    });
    set_error_handler([](const httplib::Request&, httplib::Response& response) {
      if (t_answered) return;
      t_close = true;
      response.set_content(ErrorJson("bad_request", "the request cannot be understood"),
                           "application/json");
    });
    set_exception_handler(
        [](const httplib::Request&, httplib::Response& response, std::exception_ptr) {
          t_close = t_answered = true;
          response.status = 500;
          response.set_content(ErrorJson("bug", "the request could not be answered"),
                               "application/json");
        });
    new_task_queue = [this] { return new Queue(settings_.limits.connections); };
  }

  Result<int> Start() {
    int port = settings_.port;
    const bool bound = port == 0 ? (port = bind_to_any_port(settings_.host)) > 0
                                 : bind_to_port(settings_.host, port);
    if (!bound) {
      return MakeError(
          ErrorCode::kServeFailed,
          fmt::format("the server cannot listen on {}:{}", settings_.host, settings_.port),
          "another program may use the port: choose one with --listen HOST:PORT");
    }
    thread_ = std::thread([this] { listen_after_bind(); });
    return port;
  }

  void Stop() {
    if (!thread_.joinable()) return;
    stopping_ = true;
    while (!is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    stop();
    thread_.join();
  }

 private:
  // Runs connections in threads; refuses excess ones.
  class Queue : public httplib::TaskQueue {
   public:
    explicit Queue(size_t most) : pool_(most) {}
    void enqueue(std::function<void()> work) override {
      if (pool_.Take(work)) return;
      t_refuse = true;
      work();
      t_refuse = false;
    }
    void shutdown() override { pool_.Shutdown(); }

   private:
    ConnectionPool pool_;
  };

  bool process_and_close_socket(socket_t socket) override {
    Connection connection(socket, settings_.limits.request_time, stopping_);
    const std::string remote = connection.RemoteAddress();
    if (t_refuse || !counts_.Take(remote)) {
      ++api_.counters().refused;
      constexpr std::string_view kBusy =
          "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
      return connection.Write(kBusy.data(), kBusy.size()) > 0;
    }
    Serve(connection);
    counts_.Release(remote);
    return true;
  }

  void Serve(Connection& connection) {
    ConnectionStream stream(connection);
    t_connection = &connection;
    for (int i = 0; i < kRequestsPerConnection; ++i) {
      if (!connection.AwaitRequest(kKeepAlive)) break;
      connection.BeginRequest(kHeadBytes);
      t_close = t_answered = false;
      bool closed = false;
      const bool done = process_request(stream, false, closed, [](httplib::Request& request) {
        request.ranges.clear();  // ranges of ranges would make small requests large answers
      });
      if (!done || closed || t_close) break;
    }
    t_connection = nullptr;
  }

  // Answers everything except a report whose body must be read first.
  HandlerResponse Route(const httplib::Request& request, httplib::Response& response) {
    HttpRequest asked = RequestOf(request);
    const bool has_body =
        request.has_header("Content-Length") || request.has_header("Transfer-Encoding");
    if (asked.method != "POST" || asked.path != "/api/v1/runs" || !has_body) {
      t_close = has_body;  // what is not read must not be taken for the next request
      Fill(api_.Answer(asked), response);
      return HandlerResponse::Handled;
    }
    std::optional<HttpResponse> refusal = api_.Refuse(asked);
    if (!refusal) refusal = RefuseBody(request);
    if (!refusal) {
      t_connection->AllowMore(settings_.limits.body_bytes);
      return HandlerResponse::Unhandled;
    }
    t_close = true;
    Fill(*refusal, response);
    return HandlerResponse::Handled;
  }

  // Reads only JSON bodies of a known length.
  std::optional<HttpResponse> RefuseBody(const httplib::Request& request) const {
    const auto refuse = [](int status, const char* code, const char* message) {
      HttpResponse response;
      response.status = status;
      response.body = std::make_shared<const std::string>(ErrorJson(code, message));
      return response;
    };
    if (request.has_header("Transfer-Encoding") ||
        request.get_header_value_count("Content-Length") != 1) {
      return refuse(411, "length", "the request needs one Content-Length");
    }
    const std::string length = request.get_header_value("Content-Length");
    if (length.empty() || length.size() > 9 ||
        length.find_first_not_of("0123456789") != std::string::npos) {
      return refuse(400, "length", "the Content-Length is not valid");
    }
    if (std::stoul(length) > settings_.limits.body_bytes) {
      return refuse(413, "size", "the body is too large");
    }
    if (!request.get_header_value("Content-Type").starts_with("application/json") ||
        request.has_header("Content-Encoding")) {
      return refuse(415, "type", "the body is not application/json");
    }
    return std::nullopt;
  }

  void Fill(const HttpResponse& from, httplib::Response& response) {
    t_answered = true;
    response.status = from.status;
    for (const auto& [name, value] : from.headers) response.set_header(name, value);
    if (from.is_stream) {
      Stream(response);
    } else if (from.body != nullptr) {
      const Bytes body = from.body;  // not copied: the provider keeps it alive
      response.set_content_provider(body->size(), from.content_type,
                                    [body](size_t offset, size_t length, httplib::DataSink& sink) {
                                      return sink.write(body->data() + offset, length);
                                    });
    } else {
      response.set_content(from.file.data(), from.file.size(), from.content_type);
    }
  }

  void Stream(httplib::Response& response) {
    if (api_.counters().streams >= static_cast<int64_t>(settings_.limits.streams)) {
      ++api_.counters().refused;
      response.status = 503;
      response.set_content(ErrorJson("too_many", "there are too many event streams"),
                           "application/json");
      return;
    }
    ++api_.counters().streams;
    t_connection->LiftDeadline();
    t_close = true;
    auto seen = std::make_shared<uint64_t>(0);
    auto quiet_since = std::make_shared<std::chrono::steady_clock::time_point>();
    response.set_chunked_content_provider(
        "text/event-stream",
        [this, seen, quiet_since](size_t, httplib::DataSink& sink) {
          return SendEvents(*seen, *quiet_since, sink);
        },
        [this](bool) { --api_.counters().streams; });
  }

  // One event, or a heartbeat, or nothing; false ends the stream.
  bool SendEvents(uint64_t& seen, std::chrono::steady_clock::time_point& quiet_since,
                  httplib::DataSink& sink) {
    if (stopping_ || t_connection->IsPeerClosed()) return false;
    // Whoever asks after an event gets what the event is about.
    const uint64_t now_at = api_.AwaitDocuments(seen, std::chrono::milliseconds(200));
    const auto now = std::chrono::steady_clock::now();
    std::string text;
    if (now_at != seen) {
      seen = now_at;
      text = fmt::format("event: change\nid: {}\ndata: {{\"revision\":{}}}\n\n", seen, seen);
    } else if (now - quiet_since > kHeartbeat) {
      text = ": still here\n\n";
    } else {
      return true;
    }
    quiet_since = now;
    return sink.write(text.data(), text.size());
  }

  const Settings& settings_;
  Api& api_;
  ConnectionCounts counts_{settings_.limits.address_connections};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

HttpServer::HttpServer(const Settings& settings, Api& api)
    : impl_(std::make_unique<Impl>(settings, api)) {}

HttpServer::~HttpServer() {
  Stop();
}

Result<int> HttpServer::Start() {
  return impl_->Start();
}

void HttpServer::Stop() {
  impl_->Stop();
}

}  // namespace ballast::serve
