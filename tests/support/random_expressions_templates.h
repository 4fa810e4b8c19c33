// SPDX-License-Identifier: Apache-2.0
// The templates that random expressions are made of. A template gives a value of `type`; %X in it
// is an expression of the type X, and %% a percent sign.
//   B boolean  I integer  S smallint  L bigint  N numeric(10,2)  F double precision  T text
//   V varchar(20)  C character(3)  D date  M timestamp(3)  Z timestamptz  H time  W interval
//   J json  K jsonb  A text[]  X varchar(10)[]  G integer[]  E enum  U uuid  Y bytea
//   R int4range  O domain over varchar  P inet  Q bit(4)  $ money
#pragma once

#include <span>

namespace ballast::testing {

struct ExpressionTemplate {
  char type;
  const char* text;
};

std::span<const ExpressionTemplate> ExpressionTemplates();
std::span<const ExpressionTemplate> ExpressionLiterals();
std::span<const ExpressionTemplate> ExpressionColumns();  // the text is the column's name

// SELECT statements over the tables of RandomExpressionSetup(), with expressions over the columns
// of "Wide" as `w`; the first has no type.
std::span<const char* const> QueryTemplates();

}  // namespace ballast::testing
