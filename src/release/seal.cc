// SPDX-License-Identifier: Apache-2.0
#include "release/seal.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>

#include "base/check.h"
#include "base/text.h"

namespace ballast::release {
namespace {

constexpr std::string_view kUntrusted = "untrusted comment: ";
// Before the public key in the untrusted comment of a seal.
constexpr std::string_view kOwnKey = ", public key ";
constexpr std::string_view kTrusted = "trusted comment: ";
constexpr std::string_view kPlain = "Ed";
constexpr std::string_view kPrehashed = "ED";
constexpr std::string_view kScrypt = "Sc";
constexpr std::string_view kNoKdf = std::string_view("\0\0", 2);
constexpr std::string_view kBlake = "B2";
constexpr size_t kHashSize = 64;
constexpr size_t kCheckSize = 32;
constexpr size_t kSecretPart = 8 + 64 + kCheckSize;  // what a password hides: id, key, check
// N = 2^17, r = 8, p = 1: 128 MiB.
constexpr uint64_t kOperations = uint64_t{1} << 22;
constexpr uint64_t kMemory = uint64_t{128} << 20;
constexpr uint64_t kMostMemory = uint64_t{1} << 30;  // what minisign itself takes
constexpr uint64_t kMostOperations = uint64_t{1} << 26;
constexpr size_t kLargestFile = size_t{16} << 10;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

template <size_t kSize>
std::string_view View(const std::array<unsigned char, kSize>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), kSize};
}

// Little-endian numbers, as the format has them.
std::string Number(uint64_t value) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>((value >> (8 * i)) & 0xFF);
  return bytes;
}

// Takes a record apart from its start; the caller has checked its length.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}
  std::string_view Take(size_t size) {
    BALLAST_CHECK(size <= bytes_.size());
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }
  template <size_t kSize>
  void Into(std::array<unsigned char, kSize>* target) {
    const std::string_view taken = Take(kSize);
    std::copy(taken.begin(), taken.end(), target->begin());
  }
  uint64_t TakeNumber() {
    const std::string_view taken = Take(8);
    uint64_t value = 0;
    for (size_t i = 8; i-- > 0;) value = value << 8 | static_cast<unsigned char>(taken[i]);
    return value;
  }

 private:
  std::string_view bytes_;
};

std::string ToBase64(std::string_view bytes) {
  std::string text(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), Bytes(bytes), bytes.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  text.pop_back();
  return text;
}

// Nothing when it is not base64 of exactly that many bytes.
std::optional<std::string> FromBase64(std::string_view text, size_t size) {
  std::string bytes(size, '\0');
  size_t length = 0;
  const char* end = nullptr;
  const int failed =
      sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), size, text.data(),
                        text.size(), nullptr, &length, &end, sodium_base64_VARIANT_ORIGINAL);
  if (failed != 0 || length != size || end != text.data() + text.size()) return std::nullopt;
  return bytes;
}

std::string IdText(const std::array<unsigned char, 8>& id) {
  std::string text;
  for (size_t i = id.size(); i-- > 0;) text += fmt::format("{:02X}", id[i]);
  return text;
}

template <size_t kSize>
std::string Blake2b(std::string_view bytes) {
  std::string hash(kSize, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), kSize, Bytes(bytes),
                     bytes.size(), nullptr, 0);
  return hash;
}

std::string SecretRecord(const SecretKey& key) {
  const std::string signed_part = fmt::format("{}{}{}", kPlain, View(key.id), View(key.key));
  return signed_part.substr(kPlain.size()) + Blake2b<kCheckSize>(signed_part);
}

// Whether the public half is that of the seed.
bool BelongTogether(const SecretKey& key) {
  KeyMaterial material;
  std::copy_n(key.key.begin(), material.seed.size(), material.seed.begin());
  return MakeSecretKey(material).key == key.key;
}

struct Locking {
  std::string_view salt;
  uint64_t operations = 0;
  uint64_t memory = 0;
};

// XORs the record with the stream that the password makes; false without enough memory.
bool Lock(std::string* record, const std::string& password, const Locking& locking) {
  std::string stream(record->size(), '\0');
  if (crypto_pwhash_scryptsalsa208sha256(
          reinterpret_cast<unsigned char*>(stream.data()), stream.size(), password.data(),
          password.size(), Bytes(locking.salt), locking.operations, locking.memory) != 0) {
    return false;
  }
  for (size_t i = 0; i < record->size(); ++i) {
    (*record)[i] = static_cast<char>((*record)[i] ^ stream[i]);
  }
  sodium_memzero(stream.data(), stream.size());
  return true;
}

// The base64 line of a key file: the second line after a comment, or the only one.
std::string_view KeyLine(std::string_view text) {
  if (text.starts_with(kUntrusted)) {
    const size_t end = text.find('\n');
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return Trim(text);
}

Error BadKey(const std::string& name, std::string_view what) {
  return MakeError(ErrorCode::kConfigInvalid, fmt::format("{} {}", name, what),
                   "`ballast key new` and `minisign -G` make keys");
}

Error BadSeal(std::string message, std::string hint) {
  return MakeError(ErrorCode::kSealInvalid, std::move(message), std::move(hint), {kSealPath, 0});
}

Error BrokenSeal() {
  return BadSeal("the signature of the package is not in minisign's format",
                 "restore the package from version control, or sign it again with "
                 "`ballast release create VERSION --sign-key FILE`");
}

const std::string& ManifestText(const Package& package) {
  static const std::string none;
  const auto file = package.files.find(kManifestPath);
  return file == package.files.end() ? none : file->second;
}

bool Verifies(const std::array<unsigned char, 64>& signature, std::string_view message,
              const PublicKey& key) {
  return crypto_sign_verify_detached(signature.data(), Bytes(message), message.size(),
                                     key.key.data()) == 0;
}

Status CheckSignature(const Package& package, const Seal& seal, const PublicKey& key) {
  const std::string& manifest = ManifestText(package);
  const std::string signed_text = seal.prehashed ? Blake2b<kHashSize>(manifest) : manifest;
  const std::string commented = std::string(View(seal.signature)) + seal.trusted_comment;
  if (!Verifies(seal.signature, signed_text, key) ||
      !Verifies(seal.comment_signature, commented, key)) {
    return BadSeal(
        fmt::format("the signature by key {} does not match the manifest: one of the two was "
                    "changed",
                    seal.Id()),
        "restore the package from version control");
  }
  return {};
}

// Hotfixes added next to the sealed files are not sealed.
Status CoversEveryFile(const Package& package) {
  for (const auto& [path, bytes] : package.files) {
    if (path == kManifestPath || path == kSealPath || package.manifest.files.contains(path)) {
      continue;
    }
    Error error = BadSeal(fmt::format("the signature does not cover {}", path),
                          "remove it, or create and sign a release that contains it");
    error.details.emplace_back("file", path);
    return error;
  }
  return {};
}

std::array<unsigned char, 64> Signature(std::string_view message, const SecretKey& key) {
  std::array<unsigned char, 64> signature{};
  crypto_sign_detached(signature.data(), nullptr, Bytes(message), message.size(), key.key.data());
  return signature;
}

}  // namespace

SecretKey::~SecretKey() {
  sodium_memzero(key.data(), key.size());
}

std::string PublicKey::Id() const {
  return IdText(id);
}
std::string Seal::Id() const {
  return IdText(id);
}

PublicKey SecretKey::Public() const {
  PublicKey made;
  made.id = id;
  std::copy(key.begin() + 32, key.end(), made.key.begin());
  return made;
}

SecretKey MakeSecretKey(const KeyMaterial& material) {
  SecretKey secret;
  secret.id = material.id;
  std::array<unsigned char, 32> ignored{};
  crypto_sign_seed_keypair(ignored.data(), secret.key.data(), material.seed.data());
  return secret;
}

namespace {

std::string PublicLine(const PublicKey& key) {
  return ToBase64(fmt::format("{}{}{}", kPlain, View(key.id), View(key.key)));
}

}  // namespace

std::string RenderPublicKey(const PublicKey& key) {
  return fmt::format("{}minisign public key {}\n{}\n", kUntrusted, key.Id(), PublicLine(key));
}

std::string RenderSecretKey(const SecretKey& key, const KeyMaterial& material,
                            const std::string& password) {
  std::string record = SecretRecord(key);
  const bool locked = !password.empty();
  if (locked) BALLAST_CHECK(Lock(&record, password, {View(material.salt), kOperations, kMemory}));
  const std::string head =
      fmt::format("{}{}{}{}{}{}", kPlain, locked ? kScrypt : kNoKdf, kBlake, View(material.salt),
                  Number(locked ? kOperations : 0), Number(locked ? kMemory : 0));
  return fmt::format("{}{} {}\n{}\n", kUntrusted,
                     locked ? "minisign encrypted secret key" : "minisign secret key",
                     IdText(key.id), ToBase64(head + record));
}

Result<PublicKey> ParsePublicKey(std::string_view text, const std::string& shown_name) {
  const auto bytes = FromBase64(KeyLine(text), kPlain.size() + 8 + 32);
  if (!bytes || !bytes->starts_with(kPlain)) {
    return BadKey(shown_name, "is not a public key in minisign's format");
  }
  ByteReader taker(*bytes);
  taker.Take(kPlain.size());
  PublicKey key;
  taker.Into(&key.id);
  taker.Into(&key.key);
  return key;
}

Result<SecretKey> ParseSecretKey(std::string_view text, const std::string& password,
                                 const std::string& shown_name) {
  const auto bytes = FromBase64(KeyLine(text), 2 + 2 + 2 + 32 + 8 + 8 + kSecretPart);
  if (!bytes) return BadKey(shown_name, "is not a secret key in minisign's format");
  ByteReader taker(*bytes);
  const std::string_view algorithm = taker.Take(2);
  const std::string_view kdf = taker.Take(2);
  const std::string_view check = taker.Take(2);
  Locking locking{taker.Take(32), 0, 0};
  locking.operations = taker.TakeNumber();
  locking.memory = taker.TakeNumber();
  std::string record(taker.Take(kSecretPart));
  const bool locked = kdf == kScrypt;
  if (algorithm != kPlain || check != kBlake || (!locked && kdf != kNoKdf) ||
      locking.operations > kMostOperations || locking.memory > kMostMemory) {
    return BadKey(shown_name, "is a secret key of an unknown kind");
  }
  if (locked && password.empty()) {
    return BadKey(shown_name, "is encrypted: its password belongs in BALLAST_KEY_PASSWORD");
  }
  if (locked && !Lock(&record, password, locking)) {
    return BadKey(shown_name, "cannot be opened: there is not enough memory");
  }
  ByteReader parts(record);
  SecretKey key;
  parts.Into(&key.id);
  parts.Into(&key.key);
  // Some versions of minisign write no check sum for a key without a password.
  const bool whole = locked ? SecretRecord(key) == record : BelongTogether(key);
  sodium_memzero(record.data(), record.size());
  if (whole) return key;
  return BadKey(shown_name, locked ? "cannot be decrypted with the password in BALLAST_KEY_PASSWORD"
                                   : "is damaged: its two halves do not belong together");
}

Result<Seal> ParseSeal(std::string_view text) {
  if (text.size() > kLargestFile) return BrokenSeal();
  const std::vector<std::string> lines = Split(text, '\n');
  if (lines.size() < 4 || !lines[0].starts_with(kUntrusted) || !lines[2].starts_with(kTrusted)) {
    return BrokenSeal();
  }
  const auto first = FromBase64(Trim(lines[1]), 2 + 8 + 64);
  const auto second = FromBase64(Trim(lines[3]), 64);
  if (!first || !second) return BrokenSeal();
  Seal seal;
  ByteReader taker(*first);
  const std::string_view algorithm = taker.Take(2);
  if (algorithm != kPlain && algorithm != kPrehashed) return BrokenSeal();
  seal.prehashed = algorithm == kPrehashed;
  taker.Into(&seal.id);
  taker.Into(&seal.signature);
  seal.trusted_comment = lines[2].substr(kTrusted.size());
  if (seal.trusted_comment.ends_with('\r')) seal.trusted_comment.pop_back();
  ByteReader(*second).Into(&seal.comment_signature);
  const size_t named = lines[0].find(kOwnKey);
  if (named != std::string::npos) {
    TRY_ASSIGN(seal.own_key,
               ParsePublicKey(Trim(lines[0].substr(named + kOwnKey.size())), kSealPath));
    if (seal.own_key->id != seal.id) return BrokenSeal();
  }
  return seal;
}

void SealPackage(Package* package, const SecretKey& key) {
  const auto signature = Signature(Blake2b<kHashSize>(ManifestText(*package)), key);
  const std::string comment =
      fmt::format("release:{}\tfile:manifest.json\thashed", package->manifest.version);
  const auto second = Signature(std::string(View(signature)) + comment, key);
  package->files[kSealPath] =
      fmt::format("{}signature from ballast, key {}{}{}\n{}\n{}{}\n{}\n", kUntrusted,
                  IdText(key.id), kOwnKey, PublicLine(key.Public()),
                  ToBase64(fmt::format("{}{}{}", kPrehashed, View(key.id), View(signature))),
                  kTrusted, comment, ToBase64(View(second)));
}

Result<std::optional<Seal>> SealOf(const Package& package) {
  const auto file = package.files.find(kSealPath);
  if (file == package.files.end()) return std::optional<Seal>();
  TRY_ASSIGN(Seal seal, ParseSeal(file->second));
  if (seal.own_key) TRY(CheckSignature(package, seal, *seal.own_key));
  return std::optional<Seal>(std::move(seal));
}

Result<PublicKey> CheckSeal(const Package& package, const std::vector<PublicKey>& trusted) {
  TRY_ASSIGN(const std::optional<Seal> seal, SealOf(package));
  if (!seal) {
    return BadSeal("the package has no signature, but only signed packages are trusted here",
                   "sign it: `ballast release create VERSION --sign-key FILE`");
  }
  const auto key = std::find_if(trusted.begin(), trusted.end(),
                                [&](const PublicKey& each) { return each.id == seal->id; });
  if (key == trusted.end()) {
    return BadSeal(fmt::format("the package is signed by key {}, which is not trusted", seal->Id()),
                   "if you trust that key, add it to --trusted-key, BALLAST_TRUSTED_KEYS or "
                   "trusted_keys in ballast.toml");
  }
  TRY(CheckSignature(package, *seal, *key));
  TRY(CoversEveryFile(package));
  return *key;
}

}  // namespace ballast::release
