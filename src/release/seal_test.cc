// SPDX-License-Identifier: Apache-2.0
#include "release/seal.h"

#include <gtest/gtest.h>

#include "base/test_error_code.h"
#include "base/text.h"
#include "release/test_package.h"

namespace ballast::release {
namespace {

KeyMaterial Material(unsigned char fill) {
  KeyMaterial material;
  material.seed.fill(fill);
  material.id = {fill, 1, 2, 3, 4, 5, 6, 7};
  material.salt.fill(9);
  return material;
}

Package SmallPackage() {
  return MakeTestPackage();
}

std::string CodeWith(const Package& package, const std::vector<PublicKey>& keys) {
  const auto checked = CheckSeal(package, keys);
  return checked.ok() ? "" : std::string(CodeOf(checked.error().code));
}

TEST(LongSealTest, KeysRoundTrip) {
  for (const char* password : {"", "correct horse"}) {
    const SecretKey key = MakeSecretKey(Material(1));
    const std::string text = RenderSecretKey(key, Material(1), password);
    const auto read = ParseSecretKey(text, password, "key");
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(read->key, key.key);
    EXPECT_EQ(read->Public(), *ParsePublicKey(RenderPublicKey(key.Public()), "pub"));
  }
}

TEST(LongSealTest, PasswordsAreCheckedAndNeverShown) {
  const SecretKey key = MakeSecretKey(Material(1));
  const std::string text = RenderSecretKey(key, Material(1), "right-one");
  for (const char* password : {"", "wrong-one"}) {
    const auto read = ParseSecretKey(text, password, "key");
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(CodeOf(read.error().code), "B101");
    EXPECT_EQ(read.error().message.find("-one"), std::string::npos);
  }
}

TEST(SealTest, BrokenKeysAreRefused) {
  const SecretKey key = MakeSecretKey(Material(1));
  std::string damaged = RenderSecretKey(key, Material(1), "");
  const size_t place = damaged.size() - 60;
  damaged[place] = damaged[place] == 'A' ? 'B' : 'A';
  for (const std::string& text : {std::string(), std::string("x"), damaged,
                                  std::string("untrusted comment: x"), std::string(300, 'A')}) {
    EXPECT_EQ(ErrorCodeOf(ParseSecretKey(text, "", "key")), "B101") << text;
    EXPECT_EQ(ErrorCodeOf(ParsePublicKey(text, "pub")), "B101") << text;
  }
}

TEST(SealTest, ASealIsValidForItsKeyOnly) {
  const SecretKey key = MakeSecretKey(Material(1));
  const SecretKey other = MakeSecretKey(Material(2));
  Package package = SmallPackage();
  EXPECT_EQ(CodeWith(package, {key.Public()}), "B405") << "no seal";
  SealPackage(&package, key);
  EXPECT_TRUE(VerifyPackage(package, nullptr).ok());
  EXPECT_EQ(CodeWith(package, {key.Public()}), "");
  EXPECT_EQ(CodeWith(package, {other.Public(), key.Public()}), "");
  EXPECT_EQ(CodeWith(package, {other.Public()}), "B405");
  PublicKey same_id = other.Public();
  same_id.id = key.id;
  EXPECT_EQ(CodeWith(package, {same_id}), "B405") << "the id alone counts for nothing";
}

TEST(SealTest, EveryChangeOfSealOrManifestIsSeen) {
  const SecretKey key = MakeSecretKey(Material(1));
  Package whole = SmallPackage();
  SealPackage(&whole, key);
  const std::string seal = whole.files[kSealPath];
  const size_t signed_from = seal.find('\n') + 1;  // the first line is not signed
  for (size_t i = signed_from; i + 1 < seal.size(); ++i) {
    Package changed = whole;
    changed.files[kSealPath][i] = static_cast<char>(seal[i] ^ 1);
    EXPECT_EQ(CodeWith(changed, {key.Public()}), "B405") << i;
  }
  const size_t length = whole.files[kManifestPath].size();
  for (size_t i = 0; i < length; ++i) {
    Package changed = whole;
    changed.files[kManifestPath][i] ^= 1;
    EXPECT_EQ(CodeWith(changed, {key.Public()}), "B405") << i;
  }
}

TEST(SealTest, AnAddedHotfixIsNotSealed) {
  const SecretKey key = MakeSecretKey(Material(1));
  Package package = SmallPackage();
  SealPackage(&package, key);
  package.files["release-migrations/20990101000000_fix/migration.sql"] = "SELECT 2;\n";
  EXPECT_TRUE(VerifyPackage(package, nullptr).ok());
  const auto checked = CheckSeal(package, {key.Public()});
  ASSERT_FALSE(checked.ok());
  EXPECT_EQ(checked.error().Detail("file"), "release-migrations/20990101000000_fix/migration.sql");
}

TEST(SealTest, BrokenSealsAreRefused) {
  for (const char* text : {"", "untrusted comment: \n\ntrusted comment: \n\n", "a\nb\nc\nd\n",
                           "untrusted comment: x\nRWQ=\ntrusted comment: y\nRWQ=\n"}) {
    const auto seal = ParseSeal(text);
    ASSERT_FALSE(seal.ok()) << text;
    EXPECT_EQ(CodeOf(seal.error().code), "B405");
  }
  EXPECT_EQ(ErrorCodeOf(ParseSeal(std::string(1 << 20, '\n'))), "B405");
}

TEST(SealTest, ABrokenSealIsReportedWithoutATrustedKey) {
  Package package = SmallPackage();
  SealPackage(&package, MakeSecretKey(Material(1)));
  ASSERT_TRUE(SealOf(package).ok());
  Package edited = package;
  edited.files[kManifestPath] += " ";
  EXPECT_EQ(ErrorCodeOf(SealOf(edited)), "B405");
  const std::string seal = package.files[kSealPath];
  const size_t signature = seal.find('\n') + 20;
  for (const size_t at : {signature, seal.find("release:") + 8, seal.size() - 20}) {
    Package broken = package;
    broken.files[kSealPath][at] = seal[at] == 'A' ? 'B' : 'A';
    const auto found = SealOf(broken);
    ASSERT_FALSE(found.ok()) << at;
    EXPECT_EQ(CodeOf(found.error().code), "B405");
  }
}

TEST(SealTest, SealsWithoutTheirPublicKeyAreReadAsBefore) {
  Package package = SmallPackage();
  SealPackage(&package, MakeSecretKey(Material(1)));
  std::string& seal = package.files[kSealPath];
  const size_t named = seal.find(", public key ");
  ASSERT_NE(named, std::string::npos);
  seal.erase(named, seal.find('\n') - named);
  const auto found = SealOf(package);
  ASSERT_TRUE(found.ok());
  EXPECT_FALSE((*found)->own_key.has_value());
  EXPECT_TRUE(CheckSeal(package, {MakeSecretKey(Material(1)).Public()}).ok());
}

}  // namespace
}  // namespace ballast::release
