// SPDX-License-Identifier: Apache-2.0
// What the older release has written since a rollback kept data (kept_data.h). The rollback stores
// with each kept value two digests of the row that it leaves: of the columns that only the older
// release has, and of all columns. If the column still exists, another one is of the values that it
// leaves there, whatever has converted them: of all rows that the copy finds by the same key. The
// next upgrade compares them before its scripts run. Of tables with columns of the older release
// only, the comment on a copy also has a digest of all rows.
#pragma once

#include <string>

namespace ballast::plan {

// SQL for the transaction of a rollback: before its script, and after it, once the copies exist.
// The digests are those of values in the formats of a scratch server.
std::string NoteColumnsSql(const std::string& schema);
std::string DigestRowsSql();

// SQL for the transaction of an upgrade, before its scripts. Locks the tables, so that nobody
// writes until they have run. The column "ballast row" of the copies becomes 'same', 'other' (only
// columns that stay have changed) or 'changed', "ballast value" becomes 'same' or 'changed', and
// the digests in the comments become a line "same" or "changed". The setting ballast.observed of
// the transaction lists the copies with these answers; ballast.column_numbers has the number of
// columns of each table. Without digests, or if the role lacks privileges, nothing is known.
std::string ObserveRowsSql(const std::string& schema);

}  // namespace ballast::plan
