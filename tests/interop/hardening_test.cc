// SPDX-License-Identifier: Apache-2.0
// The program as it was linked: its ELF headers say whether the guards of cmake/hardening.cmake
// have reached it.
#include <elf.h>
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "base/text.h"
#include "tests/support/project.h"

namespace ballast::testing {
namespace {

class Elf {
 public:
  explicit Elf(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    bytes_.assign(std::istreambuf_iterator<char>(file), {});
  }

  template <class T>
  T At(size_t offset) const {
    T value{};
    if (offset + sizeof value <= bytes_.size()) {
      std::memcpy(&value, bytes_.data() + offset, sizeof value);
    }
    return value;
  }
  Elf64_Ehdr Header() const { return At<Elf64_Ehdr>(0); }

  std::vector<Elf64_Phdr> Segments() const {
    std::vector<Elf64_Phdr> segments;
    for (int i = 0; i < Header().e_phnum; ++i) {
      segments.push_back(At<Elf64_Phdr>(Header().e_phoff + i * sizeof(Elf64_Phdr)));
    }
    return segments;
  }
  const Elf64_Phdr* Segment(uint32_t type) {
    static thread_local Elf64_Phdr found;
    for (const Elf64_Phdr& segment : Segments()) {
      if (segment.p_type == type) return &(found = segment);
    }
    return nullptr;
  }
  // The value of a dynamic entry, 0 where there is none.
  uint64_t Dynamic(int64_t tag) {
    const Elf64_Phdr* dynamic = Segment(PT_DYNAMIC);
    if (dynamic == nullptr) return 0;
    const Elf64_Phdr table = *dynamic;
    for (size_t at = 0; at < table.p_filesz; at += sizeof(Elf64_Dyn)) {
      const auto entry = At<Elf64_Dyn>(table.p_offset + at);
      if (entry.d_tag == tag) return entry.d_un.d_val;
    }
    return 0;
  }
  bool Mentions(const std::string& symbol) const {
    return bytes_.find(symbol) != std::string::npos;
  }

  int Count(const std::string& code) const {
    int count = 0;
    for (size_t at = 0; (at = bytes_.find(code, at)) != std::string::npos; at += code.size()) {
      ++count;
    }
    return count;
  }

 private:
  std::string bytes_;
};

class Hardening : public ::testing::Test {
 protected:
  void SetUp() override {
#ifndef NDEBUG
    GTEST_SKIP() << "NO RELEASE BUILD: its guards are not in this one; cmake --preset release";
#endif
    ASSERT_EQ(std::memcmp(elf_.Header().e_ident, ELFMAG, SELFMAG), 0);
  }
  Elf elf_{BALLAST_PROGRAM_DIR "/ballast"};
};

TEST_F(Hardening, AddressesAreRandomized) {
  EXPECT_EQ(elf_.Header().e_type, ET_DYN);
  EXPECT_NE(elf_.Dynamic(DT_FLAGS_1) & DF_1_PIE, 0U);
}

TEST_F(Hardening, NoMemoryIsWritableAndExecutable) {
  const Elf64_Phdr* stack = elf_.Segment(PT_GNU_STACK);
  ASSERT_NE(stack, nullptr);
  EXPECT_EQ(stack->p_flags & PF_X, 0U);
  for (const Elf64_Phdr& segment : elf_.Segments()) {
    const uint32_t both = PF_W | PF_X;
    EXPECT_NE(segment.p_flags & both, both);
  }
}

TEST_F(Hardening, RelocationsAreReadOnly) {
  EXPECT_NE(elf_.Segment(PT_GNU_RELRO), nullptr);
  EXPECT_TRUE((elf_.Dynamic(DT_FLAGS) & DF_BIND_NOW) != 0 ||
              (elf_.Dynamic(DT_FLAGS_1) & DF_1_NOW) != 0);
}

TEST_F(Hardening, StacksAreGuardedAndCallsAreChecked) {
  EXPECT_TRUE(elf_.Mentions("__stack_chk_fail"));
  EXPECT_TRUE(elf_.Mentions("_chk@") || elf_.Mentions("__memcpy_chk") ||
              elf_.Mentions("__fprintf_chk") || elf_.Mentions("__snprintf_chk"));
}

TEST_F(Hardening, IndirectJumpsAreChecked) {
#ifdef __x86_64__
  // endbr64, where functions that are called through pointers begin.
  EXPECT_GT(elf_.Count("\xf3\x0f\x1e\xfa"), 1000);
#else
  GTEST_SKIP() << "NO SUCH GUARD on this machine";
#endif
}

}  // namespace
}  // namespace ballast::testing
