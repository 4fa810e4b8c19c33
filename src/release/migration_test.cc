// SPDX-License-Identifier: Apache-2.0
#include "release/migration.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/sha256.h"

namespace ballast::release {
namespace {

using Names = std::vector<std::string>;

// Each list was put in order by Node 20's String.prototype.localeCompare (ICU 78, en-US).
const std::vector<Names> kOrderedByLocaleCompare = {
    {"_u", "1_x", "1-x", "10_x", "20200101_a", "20200101_B", "20200101-c", "9_x", "a", "A", "b",
     "B", "é", "z", "Z"},
    {"1_a", "1_a_b", "1_a-b", "1_a1", "1_aa", "1_AA", "1_ab", "1_aB", "1_Ab", "1_e", "1_é", "1_f"},
    {"a b", "a_b", "a-b", "a.b", "a1", "ab", "aB", "Ab"},
    {"\t", "\n", "\r", " ", "_", "-", ",", ";", ":",  "!", "?", ".", "'", "\"", "(",
     ")",  "[",  "]",  "{", "}", "@", "*", "/", "\\", "&", "#", "%", "`", "^",  "+",
     "<",  "=",  ">",  "|", "~", "$", "0", "9", "a",  "A", "b", "y", "Y", "z",  "Z"},
    {"0_baseline", "00_init", "01_init", "20200101000000", "20200101000000_", "20200101000000_A",
     "20200101000000_b", "20200101000000-a", "20200101000000.sql"},
    {"cote", "coté", "côte", "côté", "Cote2", "cotes"},
    {"ea", "eá", "éa", "eb", "ef", "éf"},
    {"o", "ó", "ò", "ö", "Ö", "õ", "ø", "Ø", "ō", "oe", "œ", "Œ", "of", "p"},
    {"d", "D", "ď", "đ", "ð", "Ð", "de", "e"},
    {"ae", "aé", "áe", "æ", "Æ", "af", "ss", "ß", "st"},
    {"l", "ĺ", "ľ", "ļ", "ł", "Ł", "ŀ", "la"},
    {"1", "¹", "12", "2", "²"},
    {"z", "þ", "α", "Ω", "а", "е", "ё", "Я", "א", "中"},
};

TEST(MigrationOrderTest, IsThatOfLocaleCompare) {
  for (const Names& names : kOrderedByLocaleCompare) {
    for (size_t i = 0; i < names.size(); ++i) {
      for (size_t j = 0; j < names.size(); ++j) {
        EXPECT_EQ(PrismaOrder(names[i], names[j]), i < j) << names[i] << " and " << names[j];
      }
    }
  }
}

TEST(MigrationOrderTest, TreatsComposedAndDecomposedAccentsAsEqual) {
  const std::string composed = "caf\xC3\xA9";
  const std::string decomposed = "cafe\xCC\x81";
  EXPECT_TRUE(PrismaOrder("cafe", decomposed));
  EXPECT_TRUE(PrismaOrder(decomposed, "caff"));
  // Equal to ICU; bytes decide, so that the order is total.
  EXPECT_NE(PrismaOrder(composed, decomposed), PrismaOrder(decomposed, composed));
}

TEST(MigrationOrderTest, FindsNamesThatOlderPrismaOrdersDifferently) {
  std::vector<Migration> migrations;
  for (const char* name : {"20200101-c", "20200101_B", "20200101_a", "20210101_x"}) {
    migrations.push_back(MakeMigration(name, ""));
  }
  const Names moved = SortMigrations(migrations);
  Names sorted;
  for (const Migration& migration : migrations) sorted.push_back(migration.name);
  EXPECT_EQ(sorted, (Names{"20200101_a", "20200101_B", "20200101-c", "20210101_x"}));
  EXPECT_EQ(moved, (Names{"20200101_a", "20200101-c"}));
}

TEST(MigrationOrderTest, SortsIndependentlyOfTheInputOrder) {
  const Names& names = kOrderedByLocaleCompare[0];
  std::vector<Migration> migrations;
  for (const std::string& name : names) migrations.push_back(MakeMigration(name, name));
  const std::vector<Migration> expected = migrations;
  for (int turn = 0; turn < 20; ++turn) {
    std::rotate(migrations.begin(), migrations.begin() + 7, migrations.end());
    std::swap(migrations[static_cast<size_t>(turn) % migrations.size()], migrations[3]);
    SortMigrations(migrations);
    EXPECT_EQ(migrations, expected);
  }
}

TEST(ChecksumTest, IsThatOfTheDecodedText) {
  EXPECT_EQ(ChecksumOf(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (const std::string_view bytes : {"SELECT 1;\r\n", "\xEF\xBB\xBFSELECT 1;", "SELECT 'é'"}) {
    EXPECT_EQ(ChecksumOf(bytes), Sha256Hex(bytes));
  }
  EXPECT_EQ(ChecksumOf("a\xE9z"), Sha256Hex("a\xEF\xBF\xBDz"));
  EXPECT_EQ(MakeMigration("x", "a\xE9z").script, "a\xEF\xBF\xBDz");
  EXPECT_EQ(MakeMigration("x", "a\xE9z").checksum, Sha256Hex("a\xEF\xBF\xBDz"));
}

TEST(ChecksumTest, AcceptsEveryLineEnding) {
  const std::string lf = "a\nb\n";
  const std::string crlf = "a\r\nb\r\n";
  EXPECT_TRUE(ChecksumMatches(ChecksumOf(lf), crlf));
  EXPECT_TRUE(ChecksumMatches(ChecksumOf(crlf), lf));
  EXPECT_TRUE(ChecksumMatches(ChecksumOf("a\r\r\nb\r\r\n"), crlf));
  EXPECT_FALSE(ChecksumMatches(ChecksumOf("a\nb"), lf));
  EXPECT_FALSE(ChecksumMatches("", lf));
}

TEST(ChecksumTest, AcceptsTheHistoricFormWithoutZeros) {
  // The digest has bytes below 0x10, or the test would show nothing.
  const std::string padded = ChecksumOf("SELECT 3;\n");
  std::string historic;
  for (size_t i = 0; i < padded.size(); i += 2) {
    historic += padded[i] == '0' ? padded.substr(i + 1, 1) : padded.substr(i, 2);
  }
  ASSERT_LT(historic.size(), padded.size());
  EXPECT_TRUE(ChecksumMatches(historic, "SELECT 3;\n"));
  EXPECT_TRUE(ChecksumMatches(historic, "SELECT 3;\r\n"));
  EXPECT_FALSE(ChecksumMatches(historic, "SELECT 4;\n"));
}

TEST(CoverageTest, IsASetOfNames) {
  const std::vector<Migration> migrations = {MakeMigration("a", "1"), MakeMigration("b", "2")};
  const Coverage coverage = CoverageOf(migrations);
  EXPECT_EQ(coverage, (Coverage{{"a", ChecksumOf("1")}, {"b", ChecksumOf("2")}}));
  EXPECT_TRUE(Covers(coverage, "b"));
  EXPECT_FALSE(Covers(coverage, "B"));
}

}  // namespace
}  // namespace ballast::release
