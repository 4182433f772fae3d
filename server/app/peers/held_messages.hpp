// HeldMessages: what was sent to peers that are not here, for the few seconds in which they may come (SPEC W-004-11). All that
// one sender has waiting for one peer expires together, counted from its first message, so the sender gets one EXPIRE for a call
// with its candidates. Bounded by owner of the sender, by receiver and in all, since anybody may send to ids that nobody has; and
// strangers, who may have as many ids as they like, leave half of the room to users. Of one shard; time is an argument.
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

/// Whose peer has sent a message: all peers of a user are one owner, each peer of a stranger is its own.
struct Owner {
  std::string name{};
  bool stranger = true;
};

class HeldMessages {
 public:
  struct Bounds {
    // A call to an absent peer is an offer and its candidates: tens of KB. Several at once are few.
    std::size_t bytes_of_owner = 256 * 1024;
    std::size_t bytes_of_owner_for_one = 64 * 1024;
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

  [[nodiscard]] Held hold(std::string_view src, const Owner& owner, std::string_view dst, std::string text, TimePoint now);
  /// The messages for `dst`, which is here now, in the order in which they came.
  [[nodiscard]] std::vector<std::string> take(std::string_view dst);
  /// Those of one sender alone.
  std::vector<std::string> take(std::string_view src, std::string_view dst);
  /// Drops what has waited too long by `now`. Returns who must be notified of it.
  [[nodiscard]] std::vector<Expired> expire(TimePoint now);
  /// TimePoint::max(): nothing waits.
  [[nodiscard]] TimePoint next_deadline() const { return waits_.empty() ? TimePoint::max() : waits_.front().at; }
  [[nodiscard]] std::size_t bytes() const { return load_.bytes; }

 private:
  struct Message {
    std::uint64_t number = 0;  // later ones have higher numbers
    std::string text{};
  };
  /// What one sender has waiting for one peer.
  struct Part {
    std::uint64_t serial = 0;  // of its wait: a later part of the same two has another
    Owner owner{};
    std::vector<Message> messages{};
    std::size_t bytes = 0;
  };
  /// How much waits, by its owners.
  struct Load {
    boost::unordered_flat_map<std::string, std::size_t> of_owner{};
    std::size_t bytes = 0, of_strangers = 0;
    void add(const Owner& owner, std::size_t cost);
    void take(const Owner& owner, std::size_t cost);
    [[nodiscard]] bool has_room(const Owner& owner, std::size_t cost, std::size_t most, std::size_t most_of_owner) const;
  };
  struct Queue {
    boost::unordered_flat_map<std::string, Part> parts{};  // by src
    Load load{};
  };
  /// Of one part. Moot once that is gone.
  struct Wait {
    TimePoint at{};
    std::uint64_t serial = 0;
    std::string src{}, dst{};
  };
  // What the tables keep beside the texts, in round figures: a queue, a part and a wait for a single message.
  static constexpr std::size_t kOverhead = 384;
  [[nodiscard]] bool has_room(const Owner& owner, const std::string& dst, std::size_t cost) const;
  [[nodiscard]] const Part* part_of(const std::string& src, const std::string& dst) const;
  Duration hold_;
  Bounds bounds_;
  std::uint64_t last_number_ = 0;
  Load load_;                                             // of all queues
  boost::unordered_flat_map<std::string, Queue> queues_;  // by dst
  std::deque<Wait> waits_;                                // all wait equally long, so they end in this order
};

}  // namespace belfry::peers
