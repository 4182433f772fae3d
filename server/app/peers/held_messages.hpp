// HeldMessages: what was sent to peers that are not here, for the few seconds in which they may come (SPEC W-004-11). All that
// one sender has waiting for one peer expires together, counted from its first message, so the sender gets one EXPIRE for a call
// with its candidates. Bounded by sender, by receiver and in all, since anybody may send to ids that nobody has. Of one shard;
// time is an argument.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/time.hpp"

namespace belfry::peers {

class HeldMessages {
 public:
  struct Bounds {
    // A call to an absent peer is an offer and its candidates: tens of KB. Several at once are few.
    std::size_t bytes_of_sender = 256 * 1024;
    // A peer that comes gets all at once: more than `connection.max_unsent` would close it as a slow reader.
    std::size_t bytes_of_receiver = 1024 * 1024;
    std::size_t bytes = 16 * 1024 * 1024;
  };
  enum class Held : std::uint8_t { yes, no_room };
  struct Expired {
    std::string src{}, dst{};
    friend bool operator==(const Expired&, const Expired&) = default;
  };

  explicit HeldMessages(Duration hold) : HeldMessages(hold, Bounds()) {}
  HeldMessages(Duration hold, const Bounds& bounds) : hold_(hold), bounds_(bounds) {}

  [[nodiscard]] Held hold(std::string_view src, std::string_view dst, std::string text, TimePoint now);
  /// The messages for `dst`, which is here now, in the order in which they came.
  [[nodiscard]] std::vector<std::string> take(std::string_view dst);
  /// Those of one sender alone.
  std::vector<std::string> take(std::string_view src, std::string_view dst);
  /// Drops what has waited too long by `now`. Returns who must be notified of it.
  [[nodiscard]] std::vector<Expired> expire(TimePoint now);
  /// TimePoint::max(): nothing waits.
  [[nodiscard]] TimePoint next_deadline() const { return waits_.empty() ? TimePoint::max() : waits_.front().at; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  struct Message {
    std::uint64_t number = 0;  // later ones have higher numbers
    std::string text{};
  };
  /// What one sender has waiting for one peer.
  struct Part {
    std::uint64_t serial = 0;  // of its wait: a later part of the same two has another
    std::vector<Message> messages{};
    std::size_t bytes = 0;
  };
  struct Queue {
    boost::unordered_flat_map<std::string, Part> parts{};  // by src
    std::size_t bytes = 0;
  };
  /// Of one part. Moot once that is gone.
  struct Wait {
    TimePoint at{};
    std::uint64_t serial = 0;
    std::string src{}, dst{};
  };
  // What the tables keep beside the texts, in round figures: a queue, a part and a wait for a single message.
  static constexpr std::size_t kOverhead = 384;
  [[nodiscard]] bool has_room(const std::string& src, const std::string& dst, std::size_t cost) const;
  [[nodiscard]] const Part* part_of(const std::string& src, const std::string& dst) const;
  void release(const std::string& src, const Part& part);

  Duration hold_;
  Bounds bounds_;
  std::uint64_t last_number_ = 0;
  std::size_t bytes_ = 0;
  boost::unordered_flat_map<std::string, Queue> queues_;          // by dst
  boost::unordered_flat_map<std::string, std::size_t> bytes_of_;  // by src
  std::deque<Wait> waits_;                                        // all wait equally long, so they end in this order
};

}  // namespace belfry::peers
