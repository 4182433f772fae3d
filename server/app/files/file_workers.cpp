#include "app/files/file_workers.hpp"

#include <utility>

namespace belfry::files {

FileWorkers::FileWorkers(Mailboxes& mailboxes, WorkerSettings settings)
    : mailboxes_(mailboxes),
      settings_(settings),
      queue_(settings.max_waiting) {
  for (std::size_t i = 0; i < settings_.threads; ++i) threads_.emplace_back([this] { work(); });
}

FileWorkers::~FileWorkers() {
  static_cast<void>(queue_.close_and_take());
  for (std::thread& thread : threads_) thread.join();
}

bool FileWorkers::admit(const Cost& cost) {
  return load_->with([&](Load& load) {
    if (load.bytes + cost.bytes > settings_.max_bytes) return false;
    std::size_t& own = load.users[cost.user];
    if (own >= (cost.user == account::UserId{} ? settings_.max_of_nobody : settings_.max_of_user)) return false;
    ++own;
    load.bytes += cost.bytes;
    return true;
  });
}

void FileWorkers::release(const Cost& cost) {
  load_->with([&](Load& load) {
    load.bytes -= cost.bytes;
    const auto own = load.users.find(cost.user);
    if (own != load.users.end() && --own->second == 0) load.users.erase(own);
  });
}

bool FileWorkers::run(ShardIndex answer_on, const Cost& cost, Job job) {
  if (!admit(cost)) return false;
  if (threads_.empty()) {
    mailboxes_.post(answer_on, job());
    release(cost);
    return true;
  }
  if (queue_.try_push(Waiting{answer_on, cost, std::move(job)})) return true;
  release(cost);
  return false;
}

class FileWorkers::Sent {
 public:
  Sent(SharedLoad load, const account::UserId& user, std::string bytes)
      : load_(std::move(load)),
        user_(user),
        bytes_(std::move(bytes)) {
    load_->with([this](Load& all) { all.sent[user_] += bytes_.size(); });
  }
  ~Sent() {
    load_->with([this](Load& all) {
      const auto own = all.sent.find(user_);
      if ((own->second -= bytes_.size()) == 0) all.sent.erase(own);
    });
  }
  Sent(const Sent&) = delete;
  Sent& operator=(const Sent&) = delete;
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  SharedLoad load_;
  account::UserId user_;
  const std::string bytes_;
};

bool FileWorkers::may_send_to(const account::UserId& user) const {
  return load_->with([&](const Load& load) {
    const auto own = load.sent.find(user);
    return own == load.sent.end() || own->second < settings_.max_sent_to_user;
  });
}

std::shared_ptr<const std::string> FileWorkers::sent_to(const account::UserId& user, std::string bytes) {
  const auto sent = std::make_shared<const Sent>(load_, user, std::move(bytes));
  return {sent, &sent->bytes()};
}

void FileWorkers::work() {
  while (auto next = queue_.pop()) {
    Answer answer = next->job();
    next->job = nullptr;  // frees what it held before its bytes count no more
    release(next->cost);
    mailboxes_.post(next->answer_on, std::move(answer));
  }
}

}  // namespace belfry::files
