// Sender: sends entries of one kind to their destination, such as a push provider or a webhook. It tries once; the worker decides
// whether and when to try again.
#pragma once

#include <functional>
#include <optional>
#include <variant>

#include "base/time.hpp"
#include "store/outbox.hpp"

namespace belfry::outbox {

struct Delivered {};
/// A later try may succeed, not before `retry_after` (RFC 9110 10.2.3) if the destination names a time.
struct Failed {
  std::optional<Duration> retry_after{};
};
/// The destination refused the entry for good: do not try again.
struct Undeliverable {};
/// The result of one try.
using Outcome = std::variant<Delivered, Failed, Undeliverable>;

class Sender {
 public:
  virtual ~Sender() = default;
  /// Calls `done` once, on the same thread, before send() returns or later; well within kClaim (worker.hpp), or another server
  /// sends the entry too. Delivery is at least once: an entry may be sent again after it was delivered.
  virtual void send(const store::OutboxEntry& entry, std::function<void(const Outcome&)> done) = 0;
  /// All entries that were taken together have been given to send(): one that gathers them acts now.
  virtual void on_batch_end() {}
  /// The entry expired before it was delivered, and is gone.
  virtual void on_expired(const store::OutboxEntry&) {}
};

}  // namespace belfry::outbox
