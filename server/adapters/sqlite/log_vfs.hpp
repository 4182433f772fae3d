// The log's file system: SQLite writes each page of its write-ahead log in two pieces, 24 bytes and 4 kB, and a group commit
// has a hundred pages. This VFS (sqlite.org/vfs.html) gathers what lies end to end in the log's file and hands it on in one
// write, before anything else is done with that file: a sync, a read, a truncation. So a commit is two system calls instead of
// two hundred. Nothing is promised earlier than before: with synchronous=FULL a commit ends with the sync of the log, and
// only then tells other connections of its pages (sqlite.org/walformat.html). Every connection which writes must keep FULL.
//
// All other files go to the system's own VFS untouched.
#pragma once

namespace belfry::sqlite {

/// Its name, for sqlite3_open_v2; registered with the first call. Any thread.
[[nodiscard]] const char* log_vfs();

}  // namespace belfry::sqlite
