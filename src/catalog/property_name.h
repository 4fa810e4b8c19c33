// SPDX-License-Identifier: Apache-2.0
// What the name of a property in a snapshot consists of. Names that users choose are among its
// words: of options, of roles, of attributes.
#pragma once

#include <string_view>

namespace ballast::catalog {

enum class PropertySubject { kOwner, kPrivilege, kComment, kSecurityLabel, kOther };

struct PropertyName {
  // The part of the object that has it: "index" of a constraint, "sequence" of an identity column,
  // "multirange" of a range type, "attribute a" of a composite type; empty: the object itself.
  std::string_view part;
  std::string_view rest;  // "owner", "grant to app", "options fillfactor"
  PropertySubject subject = PropertySubject::kOther;
};

// `property` is one of a snapshot or of SeparateItems. The views are into it.
PropertyName ReadPropertyName(std::string_view property);

// Privileges that do not follow from the access list alone. A database is asked for them only where
// the scope has them (docs/release-format.md, "Privileges and roles"); a role that the server does
// not have fulfills both:
// the role has none of these privileges, because the history revoked them;
inline constexpr std::string_view kRevokedFrom = "revoked from ";
// the role has these privileges, because the history grants them where the role exists.
inline constexpr std::string_view kOptionalGrantTo = "optional grant to ";
// Whether it is one of these two privileges.
bool IsConditionOn(std::string_view property);

// A table is in a publication of the platform (not of the release), because the history has added
// it. The rest is the name of the publication; the value is what the publication has of the table.
inline constexpr std::string_view kPublishedBy = "published by ";
// Whether a database is asked for the property only where the scope has it: one of these three.
bool IsAskedFor(std::string_view property);

// Whether it is a privilege that is granted, or one that is revoked.
bool IsPrivilege(std::string_view property);

// Whether it says that queries cannot use an index, or the index of a constraint, because its build
// (CREATE INDEX CONCURRENTLY) failed or has not ended: pg_index.indisvalid is false.
bool IsInvalidIndex(std::string_view property);

}  // namespace ballast::catalog
