// SPDX-License-Identifier: Apache-2.0
// Seals: Ed25519 signatures of the manifest in minisign's public format
// (https://jedisct1.github.io/minisign/, "Signature format" and "Key format"), so that its own tool
// makes keys and checks packages too.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "release/package.h"

namespace ballast::release {

struct PublicKey {
  std::array<unsigned char, 8> id{};
  std::array<unsigned char, 32> key{};

  std::string Id() const;  // as minisign shows it: 16 upper-case hex digits
  bool operator==(const PublicKey&) const = default;
};

// Wiped when it goes.
struct SecretKey {
  SecretKey() = default;
  SecretKey(const SecretKey&) = default;
  SecretKey& operator=(const SecretKey&) = default;
  ~SecretKey();

  std::array<unsigned char, 8> id{};
  std::array<unsigned char, 64> key{};  // seed and public key, as libsodium keeps them

  PublicKey Public() const;
};

// What the signature file says; nothing of it is believed before CheckSeal.
struct Seal {
  std::array<unsigned char, 8> id{};
  bool prehashed = true;  // "ED": the signature is over BLAKE2b-512 of the file
  std::array<unsigned char, 64> signature{};
  std::string trusted_comment;
  std::array<unsigned char, 64> comment_signature{};
  // The public key that the untrusted comment names, as ballast writes it: tells a broken seal from
  // one that is intact, and says nothing of trust. Nothing in seals of other tools.
  std::optional<PublicKey> own_key;

  std::string Id() const;
};

// 72 random bytes make a key: the seed, the id, and the salt for a password.
struct KeyMaterial {
  std::array<unsigned char, 32> seed{};
  std::array<unsigned char, 8> id{};
  std::array<unsigned char, 32> salt{};
};
SecretKey MakeSecretKey(const KeyMaterial& material);

// The files PREFIX.pub and PREFIX.key; with a password the secret one is encrypted (scrypt).
std::string RenderPublicKey(const PublicKey& key);
std::string RenderSecretKey(const SecretKey& key, const KeyMaterial& material,
                            const std::string& password);

// A key file, or only its base64 line. B101; no part of a secret key is ever in the message.
Result<PublicKey> ParsePublicKey(std::string_view text, const std::string& shown_name);
// B101 when it is not a secret key, or it is encrypted and the password does not open it.
Result<SecretKey> ParseSecretKey(std::string_view text, const std::string& password,
                                 const std::string& shown_name);

// B405 when the text is not a signature file.
Result<Seal> ParseSeal(std::string_view text);

// Signs the manifest as it stands among the files; the signature file becomes one of them.
void SealPackage(Package* package, const SecretKey& key);

// The seal of the package, not yet trusted; nothing when there is none. B405 when it is broken: no
// signature file, or not a signature of this manifest by the key that it names itself.
Result<std::optional<Seal>> SealOf(const Package& package);

// Whether one of the keys sealed the package, and the seal speaks for every file of it (a hotfix
// that the manifest does not name is no part of what was sealed). B405 says what is wrong; the
// package must have passed VerifyPackage.
Result<PublicKey> CheckSeal(const Package& package, const std::vector<PublicKey>& trusted);

}  // namespace ballast::release
