#include "adapters/sqlite/connection.hpp"

#include <atomic>
#include <cstring>
#include <utility>

#include "adapters/sqlite/log_vfs.hpp"

namespace belfry::sqlite {
namespace {

Fault fault_of(int code) {
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Fault::busy;
    case SQLITE_FULL:
      return Fault::full;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
      return Fault::io;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Fault::corrupt;
    case SQLITE_CONSTRAINT:
      return Fault::constraint;
    default:
      return Fault::other;
  }
}

/// Counting every allocation under one lock costs 8 % of the writer's time. Must be set before the first connection.
bool configure() { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK; }

[[noreturn]] void fail(sqlite3* database, int code) {
  throw Failure(fault_of(code), database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code));
}

}  // namespace

Sql::Sql(std::string text) : text_(std::move(text)) {
  static std::atomic<std::size_t> places{0};
  place_ = places.fetch_add(1);
}

Statement::Statement(sqlite3* database, std::string_view sql) {
  sqlite3_stmt* made = nullptr;
  const int code =
      sqlite3_prepare_v3(database, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &made, nullptr);
  if (code != SQLITE_OK) fail(database, code);
  statement_.reset(made);
}

Use::~Use() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

void Use::bound(int code) {
  if (code != SQLITE_OK) fail(sqlite3_db_handle(statement_), code);
}

void Use::number(std::int64_t value) { bound(sqlite3_bind_int64(statement_, next_++, value)); }
void Use::null() { bound(sqlite3_bind_null(statement_, next_++)); }
void Use::real(std::optional<double> value) {
  if (!value) return null();
  bound(sqlite3_bind_double(statement_, next_++, *value));
}
void Use::text(std::string_view value) {
  const char* start = value.data() != nullptr ? value.data() : "";  // a null pointer would bind NULL
  bound(sqlite3_bind_text64(statement_, next_++, start, value.size(), SQLITE_STATIC, SQLITE_UTF8));
}
void Use::uuid(const Uuid& value) {
  const sql::UuidText spelled(value);
  if (ids_used_ < ids_.size()) {  // stored here, so that SQLite need not copy it
    auto& kept = ids_[ids_used_++] = spelled;
    return text(kept.view());
  }
  bound(sqlite3_bind_text(statement_, next_++, spelled.view().data(), static_cast<int>(spelled.view().size()), SQLITE_TRANSIENT));
}
void Use::hash(const store::AuditHash& value) {
  bound(sqlite3_bind_blob(statement_, next_++, value.data(), static_cast<int>(value.size()), SQLITE_STATIC));
}

bool Use::row() {
  column_ = 0;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) fail(sqlite3_db_handle(statement_), code);
  return false;
}

int Use::run() {
  while (row()) {
  }
  return sqlite3_changes(sqlite3_db_handle(statement_));
}

std::string_view Use::text() {
  const auto* start = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column_));
  const auto length = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column_++));
  return start == nullptr ? std::string_view{} : std::string_view(start, length);
}

store::AuditHash Use::hash() {
  store::AuditHash value{};
  const void* bytes = sqlite3_column_blob(statement_, column_);
  const auto length = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column_++));
  if (bytes != nullptr && length == value.size()) std::memcpy(value.data(), bytes, length);
  return value;
}

std::optional<WallTime> Use::maybe_time() {
  const auto ms = maybe_number();
  return ms ? std::optional(WallTime{*ms}) : std::nullopt;
}

std::optional<std::int64_t> Use::maybe_number() {
  if (null_here()) {
    ++column_;
    return std::nullopt;
  }
  return number();
}

std::optional<double> Use::maybe_real() {
  if (null_here()) {
    ++column_;
    return std::nullopt;
  }
  return sqlite3_column_double(statement_, column_++);
}

Connection::Connection(const std::string& path, Access access, std::chrono::milliseconds patience) {
  [[maybe_unused]] static const bool configured = configure();
  sqlite3* opened = nullptr;
  const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (access == Access::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  const int code = sqlite3_open_v2(path.c_str(), &opened, flags, access == Access::read_write ? log_vfs() : nullptr);
  database_.reset(opened);
  if (code != SQLITE_OK) fail(opened, code);
  sqlite3_busy_timeout(opened, static_cast<int>(patience.count()));
  if (access == Access::read_write) run("PRAGMA journal_mode=WAL");
  // The trigger that sets updatedAt serves people who edit the database by hand. Our own statements set it themselves, and
  // running the trigger for each of them costs a tenth of their time.
  if (access == Access::read_write) sqlite3_db_config(opened, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  // The checkpointer does the checkpoints (checkpointer.hpp). FULL syncs the log with each commit, so that a power cut loses
  // nothing acknowledged, as NORMAL would (ARCHITECTURE 3.5).
  run("PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=0; PRAGMA temp_store=MEMORY; "
      "PRAGMA journal_size_limit=67108864");
  // 2 MiB, SQLite's own default, because the kernel caches the pages too. A larger cache was never faster in measurements, adds
  // to the memory per idle user, and slows a writer down: after a page split, SQLite 3.40 believes that the cache may hold a page
  // beyond the end of the file, and each commit searches the whole cache for it, 60 us at 64 MiB.
  run("PRAGMA cache_size=-2048");
}

Statement& Connection::prepared(std::string_view sql) {
  const auto found = statements_.find(sql);
  if (found != statements_.end()) return found->second;
  return statements_.emplace(std::string(sql), Statement(database_.get(), sql)).first->second;
}

Statement& Connection::prepared(const Sql& sql) {
  if (sql.place() >= placed_.size()) placed_.resize(sql.place() + 1, nullptr);
  auto*& kept = placed_[sql.place()];
  if (kept == nullptr) kept = &prepared(sql.text());  // nodes of the map do not move
  return *kept;
}

void Connection::run(const std::string& sql) {
  const int code = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(database_.get(), code);
}

void Connection::begin() {
  static const Sql text("BEGIN");
  Use(prepared(text)).run();
}

void Connection::begin_to_write() {
  static const Sql text("BEGIN IMMEDIATE");
  Use(prepared(text)).run();
}

void Connection::commit() {
  static const Sql text("COMMIT");
  Use(prepared(text)).run();
}

void Connection::roll_back() noexcept {
  if (sqlite3_get_autocommit(database_.get()) == 0) sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

}  // namespace belfry::sqlite
