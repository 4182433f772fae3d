#include "adapters/postgres/address.hpp"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <atomic>
#include <future>
#include <system_error>

#include "adapters/postgres/database.hpp"

namespace belfry::postgres {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;

/// While it lives, the process gets no new descriptor. Those that are open stay usable.
class NoDescriptorLeft {
 public:
  NoDescriptorLeft() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit none{.rlim_cur = 0, .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &none);
  }
  ~NoDescriptorLeft() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  NoDescriptorLeft(const NoDescriptorLeft&) = delete;
  NoDescriptorLeft& operator=(const NoDescriptorLeft&) = delete;

 private:
  rlimit before_{};
};

// libpq's error message repeats what it could not read, and that may be the password.
TEST(Address, InvalidUrlIsNotRepeatedInTheError) {
  for (const auto* url : {"postgres://u:se%zzcret@h/db", "postgres://u:12@secret@h/db", "postgres://u:secret/x@h/db",
                          "postgres://u:12/secret@h/db", "postgres://u:p@h/db?secret=1"}) {
    const auto status = migrate_status(url);
    ASSERT_FALSE(status.has_value()) << url;
    EXPECT_THAT(status.error(), Not(HasSubstr("cret"))) << url;
    EXPECT_THAT(status.error(), HasSubstr("%40")) << url;
  }
}

// With the name server away libpq would wait for it, and "no database" be told after half a minute.
TEST(Address, NameNotResolvedInTimeIsALostConnectionAndIsLookedUpOnce) {
  std::promise<void> answers;
  std::atomic<int> searches = 0;
  Resolver resolver([&, gate = answers.get_future().share()](const std::string&) {
    ++searches;
    gate.wait();
    return std::vector<std::string>{"192.0.2.7"};
  });
  Deadline deadline;
  for (int attempt = 0; attempt < 3; ++attempt) {
    deadline.begin(std::chrono::milliseconds{1});
    EXPECT_THROW(Connection("postgres://u:p@db.example/x", resolver, deadline), Failure);
  }
  EXPECT_LE(searches, 1);
  answers.set_value();
  deadline.begin(std::chrono::seconds{30});
  EXPECT_THAT(resolver.addresses("db.example", deadline), ElementsAre("192.0.2.7"));
  EXPECT_EQ(searches, 1);
}

TEST(Address, LookupThatGetsNoDescriptorIsALostConnectionAndTheNextOneWorks) {
  Resolver resolver([](const std::string&) { return std::vector<std::string>{"192.0.2.7"}; });
  Deadline deadline;
  deadline.begin(std::chrono::seconds{30});
  {
    const NoDescriptorLeft full;
    EXPECT_THROW((void)resolver.addresses("db.example", deadline), Failure);
  }
  EXPECT_THAT(resolver.addresses("db.example", deadline), ElementsAre("192.0.2.7"));
}

TEST(Address, LookupThatGetsNoThreadIsALostConnectionAndTheNextOneWorks) {
  bool exhausted = true;
  Resolver resolver([](const std::string&) { return std::vector<std::string>{"192.0.2.7"}; },
                    [&](std::function<void()> task) {
                      if (exhausted) throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again));
                      start_detached(std::move(task));
                    });
  Deadline deadline;
  deadline.begin(std::chrono::seconds{30});
  EXPECT_THROW((void)resolver.addresses("db.example", deadline), Failure);
  exhausted = false;
  EXPECT_THAT(resolver.addresses("db.example", deadline), ElementsAre("192.0.2.7"));
}

TEST(Address, EveryAddressOfANameIsPassedOnWithTheName) {
  Resolver resolver([](const std::string& host) {
    return host == "one" ? std::vector<std::string>{"192.0.2.1", "2001:db8::1"} : std::vector<std::string>{};
  });
  Deadline deadline;
  deadline.begin(std::chrono::seconds{30});
  const std::string url = "postgres://u:p@one:5433,10.0.0.9:5434,nobody:5435/x";
  EXPECT_THAT(connect_options(url, resolver, deadline),
              ElementsAre(Pair("dbname", url), Pair("host", "one,one,10.0.0.9"), Pair("hostaddr", "192.0.2.1,2001:db8::1,"),
                          Pair("port", "5433,5433,5434")));
  EXPECT_THAT(connect_options("postgres://u:p@one:5433/x", resolver, deadline), Not(Contains(Key("port"))));
  for (const std::string plain : {"postgres://u:p@10.0.0.9/x", "postgres:///x?host=/tmp", "postgres://u@h/x?hostaddr=10.0.0.9"})
    EXPECT_THAT(connect_options(plain, resolver, deadline), ElementsAre(Pair("dbname", plain)));
  EXPECT_THROW((void)connect_options("postgres://u:p@nobody/x", resolver, deadline), Failure);
}

}  // namespace
}  // namespace belfry::postgres
