// A VFS (sqlite.org/vfs.html) for the write-ahead log. SQLite writes each page of the log in two pieces, 24 bytes and 4 kB, and a
// group commit has a hundred pages. This VFS collects contiguous writes and makes them one, before any other operation on that
// file: a sync, a read, a truncation. So a commit needs two system calls instead of two hundred. Nothing is acknowledged earlier
// than before: with synchronous=FULL a commit ends with the sync of the log, and only then shows its pages to other connections
// (sqlite.org/walformat.html). Every connection that writes must keep FULL.
//
// All other files use the system's own VFS unchanged.
#pragma once

namespace belfry::sqlite {

/// The name for sqlite3_open_v2; the first call registers the VFS. Any thread may call it.
[[nodiscard]] const char* log_vfs();

}  // namespace belfry::sqlite
