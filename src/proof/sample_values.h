// SPDX-License-Identifier: Apache-2.0
// The values of sample rows: one for each type, and for a column with checks one that these accept.
#pragma once

#include <string>

namespace ballast::proof {

// SQL for a transaction in which the temporary table ballast_sample (place) has the OIDs of tables.
// Creates
// - pg_temp.ballast_value(type oid, modifier integer, complete boolean): an expression for a value
//   of the type. If `complete`, arrays have an element;
// - pg_temp.ballast_increased(type oid, modifier integer, number integer): the same, but greater
//   for a greater number; NULL if the type has neither numbers nor dates;
// - ballast_choice (place, number, value), which has expressions for the columns whose checks, or
//   those of their domain, refuse the value of their type and accept another one that was tried: a
//   value that the check names, one next to it, a text of its length, an address.
std::string ChooseSampleValues();

// Drops what it has created.
std::string DropSampleValues();

}  // namespace ballast::proof
