// SPDX-License-Identifier: Apache-2.0
// Seals: Ed25519 signatures of the manifest in minisign's format
// (https://jedisct1.github.io/minisign/, "Signature format" and "Key format"). The minisign program
// can create the keys and verify packages.
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

// Erased from memory by the destructor.
struct SecretKey {
  SecretKey() = default;
  SecretKey(const SecretKey&) = default;
  SecretKey& operator=(const SecretKey&) = default;
  ~SecretKey();

  std::array<unsigned char, 8> id{};
  std::array<unsigned char, 64> key{};  // seed and public key, as in libsodium

  PublicKey Public() const;
};

// The content of the signature file; not trustworthy before CheckSeal.
struct Seal {
  std::array<unsigned char, 8> id{};
  bool prehashed = true;  // "ED": the signature is over BLAKE2b-512 of the file
  std::array<unsigned char, 64> signature{};
  std::string trusted_comment;
  std::array<unsigned char, 64> comment_signature{};
  // The public key in the untrusted comment, as ballast writes it. It distinguishes a broken seal
  // from an intact one, and implies no trust. Absent in seals of other programs.
  std::optional<PublicKey> own_key;

  std::string Id() const;
};

// The random bytes of a key: the seed, the id, and the salt for the password.
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

// Accepts a key file or only its base64 line. B101; the message never contains a part of a secret
// key.
Result<PublicKey> ParsePublicKey(std::string_view text, const std::string& shown_name);
// B101 if it is not a secret key, or if the password does not decrypt it.
Result<SecretKey> ParseSecretKey(std::string_view text, const std::string& password,
                                 const std::string& shown_name);

// B405 if the text is not a signature file.
Result<Seal> ParseSeal(std::string_view text);

// Signs the manifest; the signature becomes a file of the package.
void SealPackage(Package* package, const SecretKey& key);

// The seal of the package, not yet trusted; empty if there is none. B405 if it is broken: not a
// signature file, or not a signature of this manifest by the key that it names.
Result<std::optional<Seal>> SealOf(const Package& package);

// Checks that one of the keys sealed the package and that the seal covers every file. (A hotfix
// that the manifest does not list is not sealed.) B405 names the reason. The package must have
// passed VerifyPackage.
Result<PublicKey> CheckSeal(const Package& package, const std::vector<PublicKey>& trusted);

}  // namespace ballast::release
