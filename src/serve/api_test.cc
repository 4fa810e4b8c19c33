// SPDX-License-Identifier: Apache-2.0
#include "serve/api.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <future>

namespace ballast::serve {
namespace {

constexpr char kToken[] = "0123456789abcdef";

// A store that cannot be used.
class BrokenStore : public Store {
 public:
  Result<bool> AddRun(const StoredRun&) override { return Broken(); }
  Status RemoveOthers(const std::vector<std::string>&) override { return Broken(); }
  Result<std::vector<RunCount>> Counts() override { return Broken(); }
  Result<std::vector<StoredRun>> Runs(const RunQuery&) override { return Broken(); }
  Result<std::vector<StoredRun>> RunList(int) override { return Broken(); }
  Result<std::vector<StoredRun>> RunsOf(const std::vector<std::string>&) override {
    return Broken();
  }
  Status AddSamples(const std::vector<Sample>&) override { return Broken(); }
  Result<std::vector<Sample>> Samples(const std::string&, int64_t) override { return Broken(); }
  Status Prune(int64_t, int) override { return Broken(); }

 private:
  static Error Broken() { return MakeError(ErrorCode::kServeFailed, "broken"); }
};

// A store that does not answer until it is released.
class SilentStore : public BrokenStore {
 public:
  explicit SilentStore(std::future<void> release) : release_(std::move(release)) {}
  Result<std::vector<StoredRun>> RunList(int most) override {
    release_.wait();
    return BrokenStore::RunList(most);
  }

 private:
  std::future<void> release_;
};

struct ApiWorld {
  explicit ApiWorld(Settings given, std::unique_ptr<Store> with = nullptr)
      : settings(std::move(given)),
        registry(settings),
        store(with ? std::move(with) : *OpenStore("")),
        api(settings, registry, *store) {}

  Settings settings;
  StateRegistry registry;
  std::unique_ptr<Store> store;
  Api api;
};

Settings OneDatabase() {
  Settings settings;
  settings.targets.emplace_back().name = "default";
  return settings;
}

HttpRequest Get(const std::string& path, const std::string& remote = "127.0.0.1") {
  HttpRequest request;
  request.method = "GET";
  request.path = path;
  request.remote = remote;
  request.host = "localhost";
  return request;
}

HttpRequest ReportOf(const std::string& run) {
  HttpRequest request = Get("/api/v1/runs", "10.0.0.1");
  request.method = "POST";
  request.authorization = std::string("Bearer ") + kToken;
  request.content_type = "application/json";
  request.body = R"({"run":")" + run + R"(","command":"deploy","outcome":"done"})";
  return request;
}

std::string TextOf(const HttpResponse& response) {
  return response.body ? *response.body : std::string(response.file);
}

Settings OneDatabaseWithToken() {
  Settings settings = OneDatabase();
  settings.token = kToken;
  return settings;
}

TEST(ApiTest, RefusesTooManyRequestsOfOneAddress) {
  Settings settings = OneDatabaseWithToken();
  settings.limits.requests_per_second = 1;
  ApiWorld world(settings);
  std::vector<int> codes;
  for (int i = 0; i < 10; ++i)
    codes.push_back(world.api.Answer(Get("/healthz", "10.0.0.1")).status);
  EXPECT_EQ(codes.front(), 200);
  EXPECT_EQ(codes.back(), 429);
  EXPECT_EQ(world.api.Answer(Get("/healthz", "10.0.0.2")).status, 200);
  // The right token is accepted whatever others do at its address.
  HttpRequest known = Get("/api/v1/overview", "10.0.0.1");
  known.authorization = std::string("Bearer ") + kToken;
  EXPECT_EQ(world.api.Answer(known).status, 200);
}

TEST(ApiTest, RefusesTooManyReportsOfOneAddress) {
  Settings settings = OneDatabaseWithToken();
  settings.limits.reports_per_second = 1;
  ApiWorld world(settings);
  std::vector<int> codes;
  for (int i = 0; i < 10; ++i) {
    codes.push_back(
        world.api.Answer(ReportOf("00000000-0000-4000-8000-00000000000" + std::to_string(i)))
            .status);
  }
  EXPECT_EQ(codes.front(), 201);
  EXPECT_EQ(codes.back(), 429);
  HttpRequest other = ReportOf("00000000-0000-4000-8000-0000000000ff");
  other.remote = "10.0.0.2";
  EXPECT_EQ(world.api.Answer(other).status, 201);
}

TEST(ApiTest, GivesForeignNamesOnlyWhetherItIsReady) {
  ApiWorld world(OneDatabase());
  const HttpResponse own = world.api.Answer(Get("/readyz"));
  EXPECT_NE(TextOf(own).find("reasons"), std::string::npos) << TextOf(own);
  HttpRequest foreign = Get("/readyz");
  foreign.host = "evil.example";
  const HttpResponse answer = world.api.Answer(foreign);
  EXPECT_EQ(answer.status, own.status);
  EXPECT_EQ(TextOf(answer).find("reasons"), std::string::npos) << TextOf(answer);
  EXPECT_NE(TextOf(answer).find("ready"), std::string::npos) << TextOf(answer);
  foreign.path = "/api/v1/overview";
  EXPECT_EQ(world.api.Answer(foreign).status, 403);
}

// A proxy on this machine that names itself in the Host header.
TEST(ApiTest, ATokenlessServerGivesNothingToOtherMachinesBehindAProxy) {
  ApiWorld world(OneDatabase());
  HttpRequest forwarded = Get("/api/v1/overview");
  forwarded.is_forwarded = true;
  const HttpResponse refused = world.api.Answer(forwarded);
  EXPECT_EQ(refused.status, 403);
  EXPECT_NE(TextOf(refused).find("BALLAST_SERVE_TOKEN"), std::string::npos) << TextOf(refused);
  forwarded.path = "/readyz";
  EXPECT_EQ(TextOf(world.api.Answer(forwarded)).find("reasons"), std::string::npos);
  Settings settings = OneDatabase();
  settings.allowed_hosts = {"ops.example.com"};
  ApiWorld allowing(settings);
  forwarded.path = "/api/v1/overview";
  forwarded.host = "ops.example.com";
  EXPECT_EQ(allowing.api.Answer(forwarded).status, 200);
}

TEST(ApiTest, TooManyRequestsAreToldWhenToComeAgain) {
  Settings settings = OneDatabaseWithToken();
  settings.limits.reports_per_second = 1;
  ApiWorld world(settings);
  HttpResponse last;
  for (int i = 0; i < 4; ++i) {
    last = world.api.Answer(ReportOf(fmt::format("00000000-0000-4000-8000-00000000000{}", i)));
  }
  EXPECT_EQ(last.status, 429);
  ASSERT_EQ(last.headers.size(), 1u);
  EXPECT_EQ(last.headers[0], (std::pair<std::string, std::string>("Retry-After", "1")));
}

TEST(ApiTest, SaysThatTheStoreCannotBeUsed) {
  ApiWorld world(OneDatabaseWithToken(), std::make_unique<BrokenStore>());
  HttpRequest request = Get("/api/v1/databases/default/samples");
  request.authorization = std::string("Bearer ") + kToken;
  EXPECT_EQ(world.api.Answer(request).status, 503);
  request.path = "/api/v1/runs";
  request.query = {{"limit", "3"}};
  EXPECT_EQ(world.api.Answer(request).status, 503);
  EXPECT_EQ(world.api.Answer(ReportOf("00000000-0000-4000-8000-000000000001")).status, 503);
  request.path = "/api/v1/overview";
  EXPECT_EQ(world.api.Answer(request).status, 200);
}

TEST(ApiTest, HealthDoesNotWaitForTheStore) {
  std::promise<void> release;
  ApiWorld world(OneDatabase(), std::make_unique<SilentStore>(release.get_future()));
  EXPECT_EQ(world.api.Answer(Get("/readyz")).status, 503);
  DatabaseState current;
  current.name = "default";
  current.found = plan::Found::kCurrent;
  world.registry.Put(0, current);
  uint64_t version = 0;
  for (int i = 0; i < 100 && version != world.registry.version(); ++i) {
    version = world.api.AwaitDocuments(version, std::chrono::milliseconds(100));
  }
  EXPECT_EQ(world.api.Answer(Get("/readyz")).status, 200);
  release.set_value();
}

TEST(ApiTest, AnswersOnlyPathsThatBeginWithASlash) {
  ApiWorld world(OneDatabase());
  EXPECT_EQ(world.api.Answer(Get("/app.js")).status, 200);
  for (const char* path : {"", "x", "xapp.js", "*", "http://localhost/app.js"}) {
    EXPECT_EQ(world.api.Answer(Get(path)).status, 404) << path;
  }
}

}  // namespace
}  // namespace ballast::serve
