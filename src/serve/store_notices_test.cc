// SPDX-License-Identifier: Apache-2.0
#include "serve/store_notices.h"

#include <gtest/gtest.h>

#include "base/test_error_code.h"

namespace ballast::serve {
namespace {

// Fails while `broken` is true.
class BreakableStore : public Store {
 public:
  explicit BreakableStore(const bool& broken) : broken_(broken) {}
  Result<bool> AddRun(const StoredRun&) override {
    if (broken_) return MakeError(ErrorCode::kConnectionLost, "the server went away");
    return true;
  }
  Status RemoveOthers(const std::vector<std::string>&) override { return {}; }
  Result<std::vector<RunCount>> Counts() override { return std::vector<RunCount>(); }
  Result<std::vector<StoredRun>> Runs(const RunQuery&) override { return std::vector<StoredRun>(); }
  Result<std::vector<StoredRun>> RunList(int) override { return std::vector<StoredRun>(); }
  Result<std::vector<StoredRun>> RunsOf(const std::vector<std::string>&) override {
    return std::vector<StoredRun>();
  }
  Status AddSamples(const std::vector<Sample>&) override { return {}; }
  Result<std::vector<Sample>> Samples(const std::string&, int64_t) override {
    return std::vector<Sample>();
  }
  Status Prune(int64_t, int) override { return {}; }

 private:
  const bool& broken_;
};

TEST(StoreNoticesTest, SayOnceThatTheStoreFailsAndOnceThatItAnswers) {
  bool broken = false;
  std::vector<std::string> notices;
  const auto store = WithNotices(std::make_unique<BreakableStore>(broken),
                                 [&](const std::string& sentence) { notices.push_back(sentence); });
  EXPECT_TRUE(store->AddRun({}).ok());
  EXPECT_TRUE(notices.empty());
  broken = true;
  EXPECT_EQ(ErrorCodeOf(store->AddRun({})), "P1017");
  EXPECT_EQ(ErrorCodeOf(store->AddRun({})), "P1017");
  // A full disk can still be read.
  EXPECT_TRUE(store->Runs({}).ok());
  EXPECT_TRUE(store->Prune(0, 1).ok());
  ASSERT_EQ(notices.size(), 1u);
  EXPECT_NE(notices[0].find("the server went away"), std::string::npos) << notices[0];
  broken = false;
  EXPECT_TRUE(store->AddRun({}).ok());
  EXPECT_TRUE(store->AddRun({}).ok());
  ASSERT_EQ(notices.size(), 2u);
  EXPECT_EQ(notices[1], "the store can be used again");
}

}  // namespace
}  // namespace ballast::serve
