// SPDX-License-Identifier: Apache-2.0
// Names that sound like a product's.
#pragma once

#include <cstdint>
#include <string>

namespace ballast::sample {

std::string TableWord(uint64_t number);   // "InvoiceLine"
std::string ColumnWord(uint64_t number);  // "billingNote"
std::string EnumWord(uint64_t number);    // "InvoiceState"

}  // namespace ballast::sample
