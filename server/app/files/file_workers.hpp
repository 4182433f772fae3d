// FileWorkers: the threads that may wait for a disk, a storage service or a picture, so that no shard does. What waits for them
// is bounded, in number, in bytes, and per user; beyond that a job is refused at once, and its user tries again later. So is what
// a user is being sent.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/guarded.hpp"
#include "base/mailbox.hpp"
#include "base/work_queue.hpp"
#include "domain/account/user.hpp"

namespace belfry::files {

struct WorkerSettings {
  std::size_t threads = 2;  // 0, for tests: a job is done by who asks for it
  // A picture takes some 50 ms, so the last one waits three seconds.
  std::size_t max_waiting = 128;
  // What waiting jobs hold: that many uploads of the largest size are six.
  std::size_t max_bytes = 64 * 1024 * 1024;
  // Of one user, so that they cannot fill the queue. A browser opens six connections.
  std::size_t max_of_user = 8;
  // Of requests without a session, which read the pictures of users.
  std::size_t max_of_nobody = 64;
  // A file is in memory until its last byte is on its way, and a client may read as slowly as it likes: six of the largest size.
  std::size_t max_sent_to_user = 64 * 1024 * 1024;
};

class FileWorkers {
 public:
  /// Runs on the shard that asked. It owns all that it holds.
  using Answer = std::function<void()>;
  /// Runs on a worker; what it returns is run on the shard.
  using Job = std::function<Answer()>;

  FileWorkers(Mailboxes& mailboxes, WorkerSettings settings);
  /// Finishes the running jobs. Those that wait are dropped: their connections are gone.
  ~FileWorkers();
  FileWorkers(const FileWorkers&) = delete;
  FileWorkers& operator=(const FileWorkers&) = delete;

  /// For whom, and how much memory it holds while it waits. The zero id is nobody.
  struct Cost {
    account::UserId user{};
    std::size_t bytes = 0;
  };
  /// Any thread. False: too much waits, and the job is dropped.
  [[nodiscard]] bool run(ShardIndex answer_on, const Cost& cost, Job job);
  [[nodiscard]] std::size_t waiting() const { return queue_.size(); }

  /// False: this user is being sent too much already. Any thread.
  [[nodiscard]] bool may_send_to(const account::UserId& user) const;
  /// Bytes that this user is being sent, until nobody holds them any more; that may be after this object. Any thread.
  [[nodiscard]] std::shared_ptr<const std::string> sent_to(const account::UserId& user, std::string bytes);

 private:
  struct Waiting {
    ShardIndex answer_on = 0;
    Cost cost{};
    Job job{};
  };
  struct Load {
    std::size_t bytes = 0;
    std::map<account::UserId, std::size_t> users{};
    std::map<account::UserId, std::size_t> sent{};  // bytes
  };
  using SharedLoad = std::shared_ptr<Guarded<Load>>;
  class Sent;
  [[nodiscard]] bool admit(const Cost& cost);
  void release(const Cost& cost);
  void work();

  Mailboxes& mailboxes_;
  const WorkerSettings settings_;
  const SharedLoad load_ = std::make_shared<Guarded<Load>>();
  WorkQueue<Waiting> queue_;
  std::vector<std::thread> threads_;
};

}  // namespace belfry::files
