#include "adapters/postgres/database.hpp"

#include <utility>

#include "adapters/postgres/schema.hpp"
#include "adapters/postgres/worker_threads.hpp"

namespace belfry::postgres {
namespace {

// How long a command of an operator may take in all: the database may be about to start.
constexpr Duration kOperatorDeadline = std::chrono::seconds{30};

// synchronous_commit is on, because an answered commit must be flushed whatever the server's default is; a stricter setting
// (remote_apply) stays.
std::string greeting(const Patience& patience) {
  return "SET default_transaction_isolation = 'read committed'; SET client_encoding = 'UTF8'; " +
         set_lock_timeout(patience.lock) +
         "; SET statement_timeout = " + std::to_string(patience.statement / std::chrono::milliseconds{1}) +
         "; SET idle_in_transaction_session_timeout = '5s'; SET jit = off; "
         "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'; ";
}
// A batch finds all rows by key. The planner sees empty tables at first, would choose sequential scans, and would keep that plan
// when the tables have grown.
constexpr const char* kByKey =
    "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_material = off; "
    "SET plan_cache_mode = force_generic_plan; ";
// The plan of a search is kept too, and asks messages_search once for each conversation: never may that be the whole table.
constexpr const char* kByIndex = "SET enable_seqscan = off; ";

ConnectionOptions connection_options(const Options& options, std::string_view purpose, std::string_view more = {}) {
  // pg_stat_activity truncates names at 63 bytes.
  return {.url = options.url,
          .name = "belfry-" + std::string(purpose) + "-" + to_text(options.node),
          .greeting = greeting(options.patience).append(more),
          .patience = options.patience};
}

template <class Use>
auto with_own_connection(const std::string& url, Use use) -> decltype(use(std::declval<Connection&>())) {
  try {
    Deadline deadline;
    deadline.begin(kOperatorDeadline);
    Resolver resolver;
    Connection connection(url, resolver, deadline);
    return use(connection);
  } catch (const Failure& failure) {
    return unexpected(std::string("database: ") + failure.what());
  }
}

}  // namespace

// The order matters: members are destroyed last first, so the threads end before what they use.
struct Database::Parts {
  Parts(const Options& options, Mailboxes& mailboxes, Log& log)
      : node(options.node),
        answers(mailboxes),
        searcher(connection_options(options, "searcher", kByIndex), searches, answers, log),
        general_writer(connection_options(options, "general writer"), writes, answers, log),
        writer(connection_options(options, "writer", kByKey), options.node, answers, log) {
    for (unsigned i = 0; i < options.readers; ++i)
      readers.push_back(std::make_unique<Reader>(connection_options(options, "reader" + std::to_string(i)), reads, answers, log));
  }
  ~Parts() {
    reads.close();
    searches.close();
    writes.close();
  }
  void ask(Questions& questions, Question question) {
    answers.expect_one();
    if (questions.try_push(question)) return;
    if (question.refuse) question.refuse();
    answers.no_longer(1);
  }

  // Of searches a few seconds'.
  static constexpr std::size_t kMaxWaiting = 16'384, kMostSearches = 32;
  Uuid node;
  sql::AnswerQueue answers;
  Questions reads{kMaxWaiting}, searches{kMostSearches}, writes{kMaxWaiting};
  std::vector<std::unique_ptr<Reader>> readers;
  Reader searcher;
  GeneralWriter general_writer;
  CallWriter writer;
};

Database::Database(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Database::~Database() = default;

Expected<std::unique_ptr<Database>, std::string> Database::open(const Options& options, Mailboxes& mailboxes, Log& log) {
  const auto migrated = migrate_up(options.url, options.now);
  if (!migrated.has_value()) return unexpected(migrated.error());
  const auto readable = with_own_connection(
      options.url, [](Connection& connection) -> Expected<bool, std::string> { return has_reader_role(connection); });
  if (readable.has_value() && !*readable)
    log.warn("role belfry_reader is missing and could not be made: grant it by hand to read under row-level security");
  return std::unique_ptr<Database>(new Database(std::make_unique<Parts>(options, mailboxes, log)));
}

void Database::commit(Request request) {
  parts_->answers.expect_one();
  if (parts_->writer.push(request)) return;
  request.done(store::Unavailable{});
  parts_->answers.no_longer(1);
}

void Database::find_out(FateRequest request) {
  parts_->answers.expect_one();
  if (parts_->writer.push(request)) return;
  request.done(unexpected(store::Unavailable{}));
  parts_->answers.no_longer(1);
}

void Database::write(Question question) { parts_->ask(parts_->writes, std::move(question)); }
void Database::read(Question question) { parts_->ask(parts_->reads, std::move(question)); }
void Database::search(Question question) { parts_->ask(parts_->searches, std::move(question)); }

void Database::wait_for_all() const { parts_->answers.wait_for_all(); }
const Uuid& Database::node() const { return parts_->node; }

Expected<std::vector<sql::MigrationStatus>, std::string> migrate_status(const std::string& url) {
  using Result = Expected<std::vector<sql::MigrationStatus>, std::string>;
  return with_own_connection(
      url, [](Connection& connection) -> Result { return sql::migration_status(migrations(), applied_migrations(connection)); });
}

Expected<std::vector<sql::MigrationStatus>, std::string> migrate_up(const std::string& url, WallTime now) {
  using Result = Expected<std::vector<sql::MigrationStatus>, std::string>;
  return with_own_connection(url, [now](Connection& connection) -> Result {
    if (auto migrated = migrate(connection, now); !migrated) return unexpected(std::move(migrated.error()));
    return sql::migration_status(migrations(), applied_migrations(connection));
  });
}

}  // namespace belfry::postgres
