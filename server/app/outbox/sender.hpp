// Sender: what brings entries of one kind to where they go: a push provider, somebody's webhook. It tries once; when to try
// again is the worker's matter.
#pragma once

#include <functional>
#include <optional>
#include <variant>

#include "base/time.hpp"
#include "store/outbox.hpp"

namespace belfry::outbox {

struct Delivered {};
/// It may work later, and not before `retry_after` (RFC 9110 10.2.3) if the other side names a time.
struct Failed {
  std::optional<Duration> retry_after{};
};
/// It will never work: the other side refused it for good.
struct Refused {};
/// What became of one try.
using Outcome = std::variant<Delivered, Failed, Refused>;

class Sender {
 public:
  virtual ~Sender() = default;
  /// `done` is called once on the same thread, before this returns or later; well within kClaim (worker.hpp), or the entry is
  /// sent by another server too. An entry may come again although it was delivered: at least once, never just once.
  virtual void send(const store::OutboxEntry& entry, std::function<void(const Outcome&)> done) = 0;
};

}  // namespace belfry::outbox
