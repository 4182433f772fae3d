// DeviceStore: the devices of users, and the log of what was pushed to them (SPEC J-6). The log also decides between servers and
// between a ring and its cancel: a push is sent only if start_try() allows it, which it does not once the ring was stopped.
//
// Tables: `devices` (id, userId, platform, name, pushProvider, pushToken, voipToken, p256dh, auth, dnd, lastActiveAt, createdAt;
// pushToken unique by provider, where it is not empty), `push_deliveries` (callId, deviceId, type: the key; userId, provider,
// status, attempts, error, latencyMs, stopped, createdAt, updatedAt).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/expected.hpp"
#include "store/call_archive.hpp"
#include "store/device.hpp"
#include "store/done.hpp"
#include "store/outbox.hpp"

namespace belfry::store {

/// J-6.1. A user with more has lost most of them; each call would try them all.
constexpr std::size_t kMaxDevices = 20;

/// found: the device of this token was there already, maybe as another user's.
enum class Registered : std::uint8_t { made, found };
struct RegisteredDevice {
  Device device{};
  Registered how = Registered::made;
};

/// What its user changes of a device (S19). nullopt: it stays as it is.
struct DeviceChange {
  DeviceId id{};
  UserId user{};
  std::optional<bool> dnd{};
  std::optional<std::string> name{};
};

/// Who of these users has devices?
struct OwnerQuery {
  std::vector<UserId> users{};
  std::vector<PushProvider> providers{};  // those that are configured
  WallTime active_since{};
};
struct DeviceOwner {
  UserId user{};
  /// Some device was active since then, is of one of the providers, and takes rings (not Device::dnd).
  bool can_be_rung = false;
  friend bool operator==(const DeviceOwner&, const DeviceOwner&) = default;
};

/// Pushes of one type to the devices of one user, with the entries of the outbox that carry them.
struct PushPlan {
  CallId call{};
  UserId user{};
  PushType type = PushType::ring;
  WallTime at{};
  struct One {
    DeviceId device{};
    PushProvider provider = PushProvider::none;
    OutboxEntry entry{};
  };
  std::vector<One> pushes{};
};

/// What a sender needs for a try.
struct PushTry {
  Device device{};
  std::uint32_t attempt = 0;  // from 1
};
/// How a try ended. pending: it will be tried again.
struct PushEnd {
  PushId id{};
  PushStatus status = PushStatus::pending;
  std::string error{};
  std::optional<std::int64_t> latency_ms{};
  WallTime at{};
};

/// Counting them all would read the whole log for one page.
constexpr std::size_t kMaxDeliveriesListed = 10'000;

struct DeliveryQuery {
  std::optional<CallId> call{};
  std::optional<UserId> user{};
  std::optional<PushStatus> status{};
  Page page{};
  std::size_t most = kMaxDeliveriesListed;  // what is older than the newest `most` is neither counted nor listed
};
struct DeliveryPage {
  std::vector<PushDelivery> deliveries{};  // newest first
  std::uint64_t total = 0;                 // at most DeliveryQuery::most
};
/// How many deliveries stand before the page, and how many of `total` can be on it.
struct PageBounds {
  std::size_t from = 0, count = 0;
};
[[nodiscard]] inline PageBounds bounds_of(const Page& page, std::uint64_t total) {
  const std::uint64_t from = std::min(total, std::uint64_t{page.number - 1} * page.limit);
  return {.from = from, .count = std::min<std::uint64_t>(total - from, page.limit)};
}

class DeviceStore {
 public:
  virtual ~DeviceStore() = default;
  template <class T>
  using Answer = Done<Expected<T, Unavailable>>;

  /// A device whose provider and token are known keeps its id and createdAt, and belongs to `device.user` from now on; of the
  /// same user it keeps `dnd` too. Beyond kMaxDevices the one of the user's others that was not used for longest goes.
  virtual void put(Device device, Answer<RegisteredDevice> done) = 0;
  /// Oldest first.
  virtual void list(UserId user, Answer<std::vector<Device>> done) = 0;
  /// Those of the users who have a device at all, by user id; one look-up for all of them.
  virtual void owners(OwnerQuery query, Answer<std::vector<DeviceOwner>> done) = 0;
  /// nullopt: the user has no such device.
  virtual void change(DeviceChange change, Answer<std::optional<Device>> done) = 0;
  /// False: the user has no such device.
  virtual void remove(DeviceId id, UserId user, Answer<bool> done) = 0;
  /// The provider no longer knows the token: removes the device, unless it has been given another token meanwhile.
  virtual void forget_token(DeviceId id, std::string token, Answer<void> done) = 0;
  /// The device was used. Does nothing if the user has no such device. Not acknowledged.
  virtual void touch(DeviceId id, UserId user, WallTime now) = 0;

  /// Logs the pushes and puts their entries into the outbox, in one transaction. A push that is in the log already stays as it is
  /// and gets no second entry. A ring is planned only while the user's leg is pending. Returns how many were new.
  virtual void plan(PushPlan plan, Answer<std::size_t> done) = 0;
  /// The user's leg is no longer pending, so nothing more may ring: start_try() refuses the user's rings from now on, and the try
  /// that is refused ends as dropped. Returns the devices that may be ringing.
  virtual void stop_rings(CallId call, UserId user, Answer<std::vector<Device>> done) = 0;
  /// nullopt: do not send it. It has ended, its ring was stopped, or the device is gone.
  virtual void start_try(PushId id, WallTime now, Answer<std::optional<PushTry>> done) = 0;
  /// False: it changed nothing, because the push had ended or is not in the log.
  virtual void end_try(PushEnd end, Answer<bool> done) = 0;
  virtual void deliveries(DeliveryQuery query, Answer<DeliveryPage> done) = 0;
  /// Deletes older entries of the log, at most `most`, because other writes wait meanwhile. Not acknowledged.
  virtual void forget_deliveries_before(WallTime when, std::size_t most) = 0;
};

}  // namespace belfry::store
