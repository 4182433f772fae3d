// PasswordPool: argon2id (RFC 9106) on worker threads. One hash costs tens of milliseconds of a core and 19 MiB by design, so a
// shard asks and gets the answer later, through its mailbox, exactly once. The pool also bounds the CPU that logins may use: when
// its queue is full it answers Overloaded at once, so a flood of logins neither grows memory nor delays the logins already
// queued. Passwords are wiped after use.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <thread>
#include <unordered_map>
#include <variant>
#include <vector>

#include "adapters/passwords/secret.hpp"
#include "base/expected.hpp"
#include "base/guarded.hpp"
#include "base/mailbox.hpp"
#include "base/work_queue.hpp"

namespace belfry::passwords {

struct Overloaded {
  friend bool operator==(const Overloaded&, const Overloaded&) = default;
};

struct Settings {
  std::size_t threads = 1;
  // At 18 ms each and one thread, the last one waits 1.2 s; after a longer wait people press the button again.
  std::size_t max_waiting = 64;
  // Per client, so that one client cannot fill the queue. 0: no limit.
  std::size_t max_of_client = 0;
  // OWASP's password storage cheat sheet: 19 MiB and two passes, the least memory that it accepts for argon2id. Each working
  // thread needs this memory.
  unsigned long long ops = 2;
  std::size_t memory = std::size_t{19456} * 1024;
};

class PasswordPool {
 public:
  using Hashed = std::function<void(Expected<std::string, Overloaded>)>;
  using Verified = std::function<void(Expected<bool, Overloaded>)>;

  /// Takes as long as one hash, because it computes the decoy.
  PasswordPool(Mailboxes& mailboxes, Settings settings);
  /// Finishes the running hashes; answers queued requests with Overloaded.
  ~PasswordPool();
  PasswordPool(const PasswordPool&) = delete;
  PasswordPool& operator=(const PasswordPool&) = delete;

  // --- any thread; `done` runs on the shard `answer_on`, never before the function returns ---
  /// Passes the text to store: algorithm, costs, salt and hash ("$argon2id$v=19$m=19456,t=2,p=1$...").
  /// `client`: counted against max_of_client; empty: not counted.
  void hash(ShardIndex answer_on, std::string password, Hashed done, std::string client = {});
  /// Passes false also if `stored` is not such a text.
  void verify(ShardIndex answer_on, std::string stored, std::string password, Verified done, std::string client = {});

  /// The hash of a random password. Verify unknown users against it and refuse them, so that the time does not show which users
  /// exist.
  [[nodiscard]] const std::string& decoy() const { return decoy_; }
  /// Whether `stored` was made with other costs than the current ones. If so, hash the password again at the next login.
  [[nodiscard]] bool is_outdated(const std::string& stored) const;
  [[nodiscard]] std::size_t waiting() const { return queue_.size(); }

 private:
  struct Hashing {
    ShardIndex answer_on;
    std::string client;
    Secret password;
    Hashed done;
  };
  struct Verifying {
    ShardIndex answer_on;
    std::string client;
    std::string stored;
    Secret password;
    Verified done;
  };
  using Job = std::variant<Hashing, Verifying>;

  void admit(Job job);
  void refuse(Job& job);
  [[nodiscard]] bool take_place(const std::string& client);
  void leave_place(const std::string& client);
  void work();
  void run(Hashing& job);
  void run(Verifying& job);
  [[nodiscard]] Expected<std::string, Overloaded> hash_of(const Secret& password) const;

  Mailboxes& mailboxes_;
  Settings settings_;
  std::string decoy_;
  Guarded<std::unordered_map<std::string, std::size_t>> places_;
  WorkQueue<Job> queue_;
  std::vector<std::thread> workers_;
};

}  // namespace belfry::passwords
