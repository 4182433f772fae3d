#include "adapters/sqlite/database.hpp"

#include <filesystem>
#include <utility>

#include "adapters/sql/answer_queue.hpp"
#include "adapters/sqlite/checkpointer.hpp"
#include "adapters/sqlite/readers.hpp"
#include "adapters/sqlite/schema.hpp"
#include "adapters/sqlite/writer.hpp"

namespace belfry::sqlite {
namespace {

// How long a command of an operator waits for the lock of a running server.
constexpr std::chrono::milliseconds kOperatorLockWait{5'000};
// Of reads a second's, of searches a few seconds'.
constexpr std::size_t kMostReads = 16'384, kMostSearches = 32;

std::vector<std::unique_ptr<Connection>> open_to_read(const Options& options, unsigned readers) {
  std::vector<std::unique_ptr<Connection>> made;
  for (unsigned i = 0; i < readers; ++i)
    made.push_back(std::make_unique<Connection>(options.path, Access::read_only, options.patience));
  return made;
}

std::unique_ptr<Connection> open_to_write(const Options& options) {
  return std::make_unique<Connection>(options.path, Access::read_write, options.patience);
}

std::string text_of(const std::string& path, const Failure& failure) { return path + ": " + failure.what(); }

}  // namespace

// The order matters: members are destroyed last first, so the threads end before what they use.
struct Database::Parts {
  Parts(const Options& options, std::unique_ptr<Connection> migrated, Mailboxes& mailboxes)
      : node(options.node),
        answers(mailboxes),
        wal(options.log),
        readers(open_to_read(options, options.readers), kMostReads, answers),
        searcher(open_to_read(options, 1), kMostSearches, answers),
        checkpointer(open_to_write(options), wal),
        writer(std::move(migrated), answers, wal, options.log) {}

  void ask(auto& threads, std::unique_ptr<Job> job) {
    answers.expect_one();
    if (threads.push(job)) return;
    job->answer(Fate::failed);
    answers.no_longer(1);
  }

  Uuid node;
  sql::AnswerQueue answers;
  WalSize wal;
  Readers readers, searcher;
  Checkpointer checkpointer;
  Writer writer;
};

Database::Database(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Database::~Database() = default;

Expected<std::unique_ptr<Database>, std::string> Database::open(const Options& options, Mailboxes& mailboxes) {
  try {
    auto connection = open_to_write(options);
    if (auto migrated = migrate(*connection, options.now); !migrated) return unexpected(std::move(migrated.error()));
    auto parts = std::make_unique<Parts>(options, std::move(connection), mailboxes);
    return std::unique_ptr<Database>(new Database(std::move(parts)));
  } catch (const Failure& failure) {
    return unexpected(text_of(options.path, failure));
  }
}

void Database::write(std::unique_ptr<Job> job) { parts_->ask(parts_->writer, std::move(job)); }

void Database::read(std::unique_ptr<Job> job) { parts_->ask(parts_->readers, std::move(job)); }
void Database::search(std::unique_ptr<Job> job) { parts_->ask(parts_->searcher, std::move(job)); }

void Database::wait_for_all() const { parts_->answers.wait_for_all(); }
const Uuid& Database::node() const { return parts_->node; }

Expected<std::vector<sql::MigrationStatus>, std::string> migrate_status(const std::string& path) {
  try {
    if (!std::filesystem::exists(path)) return sql::migration_status(migrations(), {});
    Connection connection(path, Access::read_only, kOperatorLockWait);
    return sql::migration_status(migrations(), applied_migrations(connection));
  } catch (const Failure& failure) {
    return unexpected(text_of(path, failure));
  }
}

Expected<std::vector<sql::MigrationStatus>, std::string> migrate_up(const std::string& path, WallTime now) {
  try {
    Connection connection(path, Access::read_write, kOperatorLockWait);
    if (auto migrated = migrate(connection, now); !migrated) return unexpected(std::move(migrated.error()));
    return sql::migration_status(migrations(), applied_migrations(connection));
  } catch (const Failure& failure) {
    return unexpected(text_of(path, failure));
  }
}

}  // namespace belfry::sqlite
