// A private PostgreSQL server for the tests: its data directory is under /tmp, only a Unix socket reaches it, and it ends with
// the test program. It needs the programs of Debian's postgresql-15 (scripts/packages.test); without them the tests fail with a
// message that says so.
#pragma once

#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "adapters/postgres/reconnector.hpp"

namespace belfry::postgres::testing {

class QuietLog final : public Log {
 public:
  [[nodiscard]] bool enabled(LogLevel) const override { return false; }
  void write(LogLevel, std::string_view, std::initializer_list<LogField>) override {}
};

class Cluster {
 public:
  /// Started at first use, stopped at exit.
  static Cluster& shared() {
    static Cluster cluster;
    return cluster;
  }
  ~Cluster() {
    signal_server(SIGINT);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  [[nodiscard]] std::string url(const std::string& user = "postgres", const std::string& database = "belfry") const {
    return url_by(folder_, user, database);
  }
  [[nodiscard]] static std::string url_by(const std::string& folder, const std::string& user = "postgres",
                                          const std::string& database = "belfry") {
    return "postgresql:///" + database + "?host=" + folder + "&user=" + user;
  }
  /// The directory of its socket.
  [[nodiscard]] const std::string& folder() const { return folder_; }
  /// Like a power failure: the server sends nothing and writes nothing more.
  void crash() { signal_server(SIGQUIT); }
  void start() {
    server_ = spawn({"postgres", "-D", folder_ + "/data", "-k", folder_, "-c", "listen_addresses=", "-c", "fsync=off", "-c",
                     "max_connections=60", "-c", "deadlock_timeout=200ms", "-c", "log_min_messages=panic"});
    QuietLog log;
    Reconnector server(
        {.url = url("postgres", "postgres"), .name = "belfry-test-start", .patience = {.question = std::chrono::seconds(30)}},
        log);
    server.begin();
    (void)server.connection();
  }

 private:
  Cluster() {
    if (!std::filesystem::exists(program("initdb")) || (::geteuid() == 0 && ::getpwnam("postgres") == nullptr))
      throw std::runtime_error("these tests need PostgreSQL 15: apt-get install postgresql-15 (scripts/packages.test)");
    std::string pattern = "/tmp/belfry-pg-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no scratch folder");
    folder_ = pattern;
    if (const auto* owner = ::geteuid() == 0 ? ::getpwnam("postgres") : nullptr)
      if (::chown(folder_.c_str(), owner->pw_uid, owner->pw_gid) != 0) throw std::runtime_error("no scratch folder for postgres");
    int status = 0;
    ::waitpid(spawn({"initdb", "-D", folder_ + "/data", "-A", "trust", "-U", "postgres", "-N", "--no-instructions", "-E", "UTF8",
                     "--locale=C.UTF-8"}),
              &status, 0);
    if (status != 0) throw std::runtime_error("initdb failed");
    start();
    Deadline deadline;
    deadline.begin(std::chrono::seconds(30));
    Resolver resolver;
    Connection(url("postgres", "postgres"), resolver, deadline).script("CREATE DATABASE belfry");
  }

  static std::string program(const std::string& name) { return "/usr/lib/postgresql/15/bin/" + name; }

  /// Runs it as another user, because PostgreSQL refuses to run as root; it ends when this process ends, in whatever way.
  static pid_t spawn(std::vector<std::string> words) {
    const std::string path = program(words.front());
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const auto* owner = ::geteuid() == 0 ? ::getpwnam("postgres") : nullptr;
    const pid_t child = ::fork();
    if (child != 0) return child;
    const bool lowered = owner == nullptr || (::setgid(owner->pw_gid) == 0 && ::setuid(owner->pw_uid) == 0);
    const bool moved = ::chdir("/tmp") == 0 && std::freopen("/dev/null", "w", stdout) != nullptr;
    ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
    if (lowered && moved) ::execv(path.c_str(), arguments.data());
    ::_exit(127);
  }

  void signal_server(int signal) {
    if (server_ == 0) return;
    ::kill(std::exchange(server_, 0), signal);
    int status = 0;
    while (::wait(&status) > 0) {
    }
  }

  std::string folder_;
  pid_t server_ = 0;
};

}  // namespace belfry::postgres::testing
