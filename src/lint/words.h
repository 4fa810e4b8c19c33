// SPDX-License-Identifier: Apache-2.0
// How findings name objects, locks and sizes.
#pragma once

#include <string>
#include <string_view>

#include "lint/measurement.h"

namespace ballast::lint {

// "TaskRun" in schema public, else "audit.TaskRun".
std::string NameOf(const Relation& relation);
std::string NameOf(const EnumType& type);

// "\"TaskRun\"" or "\"audit\".\"TaskRun\"": as SQL.
std::string SqlNameOf(const Relation& relation);

// How strong a lock is, from 1 (AccessShareLock) to 8 (AccessExclusiveLock); 0: no lock mode.
int StrengthOf(std::string_view mode);
// Whether a lock of that mode stops INSERT, UPDATE and DELETE (from ShareLock on), or SELECT too.
bool BlocksWrites(std::string_view mode);
bool BlocksReads(std::string_view mode);

// "blocks reads and writes to TaskRun", "blocks writes to TaskRun".
std::string BlocksInWords(std::string_view mode, std::string_view table);

// "41 M rows, 12 GB"; "8 MB" where the rows were never counted.
std::string SizeInWords(const LiveTable& table);

}  // namespace ballast::lint
