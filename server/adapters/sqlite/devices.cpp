#include "adapters/sqlite/devices.hpp"

#include <string>

#include "adapters/sql/device_columns.hpp"
#include "adapters/sqlite/json_list.hpp"

namespace belfry::sqlite {
namespace {

using store::Device;

std::string select_devices(std::string_view rest) {
  return std::string("SELECT ").append(sql::kDeviceReadColumns).append(" FROM devices d ").append(rest);
}

std::vector<Device> devices_in(Use& use) {
  std::vector<Device> devices;
  while (use.row()) devices.push_back(sql::take_device(use));
  return devices;
}

/// The deliveries asked for. Contains only the filters that were given, so that each has its index.
std::string asked_by(const store::DeliveryQuery& query) {
  std::string text = " FROM push_deliveries WHERE true";
  if (query.call) text += R"( AND "callId" = ?)";
  if (query.user) text += R"( AND "userId" = ?)";
  if (query.status) text += R"( AND "status" = ?)";
  return text;
}

void put_question(Use& use, const store::DeliveryQuery& query) {
  if (query.call) use.uuid(query.call->value());
  if (query.user) use.uuid(query.user->value());
  if (query.status) use.text(to_text(*query.status));
}

}  // namespace

std::optional<Device> device_of_token(Connection& connection, const Device& device) {
  static const Sql text(select_devices(R"(WHERE d."pushProvider" = ? AND d."pushToken" = ?)"));
  Use use(connection.prepared(text));
  use.text(to_text(device.provider));
  use.text(device.address.token);
  if (!use.row()) return std::nullopt;
  return sql::take_device(use);
}

void insert_device(Connection& connection, const Device& device) {
  static const Sql text(
      std::string("INSERT INTO devices (").append(sql::kDeviceColumns).append(") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  Use use(connection.prepared(text));
  sql::put_device(use, device);
  use.run();
}

void update_device(Connection& connection, const Device& device) {
  static const Sql text(std::string("INSERT OR REPLACE INTO devices (")
                            .append(sql::kDeviceColumns)
                            .append(") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  Use use(connection.prepared(text));
  sql::put_device(use, device);
  use.run();
}

void remove_devices_beyond(Connection& connection, const Device& newest, std::size_t limit) {
  static const Sql text(R"(DELETE FROM devices WHERE "id" IN (SELECT "id" FROM devices WHERE "userId" = ? AND "id" <> ? )"
                        R"(ORDER BY "lastActiveAt" DESC, "createdAt" DESC, "id" DESC LIMIT -1 OFFSET ?))");
  Use use(connection.prepared(text));
  use.uuid(newest.user.value());
  use.uuid(newest.id.value());
  use.number(static_cast<std::int64_t>(limit) - 1);
  use.run();
}

std::vector<Device> devices_of(Connection& connection, const store::UserId& user) {
  static const Sql text(select_devices(R"(WHERE d."userId" = ? ORDER BY d."createdAt", d."id")"));
  Use use(connection.prepared(text));
  use.uuid(user.value());
  return devices_in(use);
}

std::vector<store::DeviceOwner> device_owners(Connection& connection, const store::OwnerQuery& query) {
  static const Sql text(
      R"(SELECT "userId", max("dnd" = 0 AND "lastActiveAt" >= ? AND "pushProvider" IN (SELECT value FROM json_each(?))) )"
      R"(FROM devices WHERE "userId" IN (SELECT value FROM json_each(?)) GROUP BY "userId" ORDER BY "userId")");
  const std::string providers = json_list(query.providers, [](store::PushProvider each) { return to_text(each); });
  const std::string users = json_list(query.users);
  Use use(connection.prepared(text));
  use.time(query.active_since);
  use.text(providers);
  use.text(users);
  std::vector<store::DeviceOwner> owners;
  while (use.row()) {
    const store::UserId user(use.uuid());
    owners.push_back({user, use.flag()});
  }
  return owners;
}

std::optional<Device> change_device(Connection& connection, const store::DeviceChange& change) {
  static const Sql text(std::string(R"(UPDATE devices SET "dnd" = coalesce(?, "dnd"), "name" = coalesce(?, "name") )")
                            .append(R"(WHERE "id" = ? AND "userId" = ? RETURNING )")
                            .append(sql::kDeviceColumns));
  Use use(connection.prepared(text));
  change.dnd ? use.flag(*change.dnd) : use.null();
  change.name ? use.text(*change.name) : use.null();
  use.uuid(change.id.value());
  use.uuid(change.user.value());
  if (!use.row()) return std::nullopt;
  return sql::take_device(use);
}

bool remove_device(Connection& connection, const store::DeviceId& id, const store::UserId& user) {
  static const Sql text(R"(DELETE FROM devices WHERE "id" = ? AND "userId" = ?)");
  Use use(connection.prepared(text));
  use.uuid(id.value());
  use.uuid(user.value());
  return use.run() == 1;
}

void remove_device_of_token(Connection& connection, const store::DeviceId& id, const std::string& token) {
  static const Sql text(R"(DELETE FROM devices WHERE "id" = ?1 AND ?2 IN ("pushToken", "voipToken"))");
  Use use(connection.prepared(text));
  use.uuid(id.value());
  use.text(token);
  use.run();
}

void touch_device(Connection& connection, const store::DeviceId& id, const store::UserId& user, WallTime now) {
  static const Sql text(R"(UPDATE devices SET "lastActiveAt" = ?1 WHERE "id" = ?2 AND "userId" = ?3 AND "lastActiveAt" < ?1)");
  Use use(connection.prepared(text));
  use.time(now);
  use.uuid(id.value());
  use.uuid(user.value());
  use.run();
}

// One writer changes the file, so nothing needs a lock.
bool lock_pending_leg(Connection& connection, const store::CallId& call, const store::UserId& user) {
  static const Sql text(R"(SELECT 1 FROM call_participants WHERE "callId" = ? AND "userId" = ? )"
                        R"(AND "state" IN ('invited', 'notified', 'ringing'))");
  Use use(connection.prepared(text));
  use.uuid(call.value());
  use.uuid(user.value());
  return use.row();
}

bool insert_delivery(Connection& connection, const store::PushDelivery& delivery) {
  static const Sql text(R"(INSERT OR IGNORE INTO push_deliveries ("callId", "deviceId", "type", "userId", "provider", )"
                        R"("createdAt", "updatedAt") VALUES (?, ?, ?, ?, ?, ?, ?))");
  Use use(connection.prepared(text));
  sql::put_push_id(use, delivery.id);
  use.uuid(delivery.user.value());
  use.text(to_text(delivery.provider));
  use.time(delivery.created);
  use.time(delivery.updated);
  return use.run() == 1;
}

void mark_rings_stopped(Connection& connection, const store::CallId& call, const store::UserId& user) {
  static const Sql text(R"(UPDATE push_deliveries SET "stopped" = 1 WHERE "callId" = ? AND "userId" = ? AND "type" = 'ring')");
  Use use(connection.prepared(text));
  use.uuid(call.value());
  use.uuid(user.value());
  use.run();
}

std::vector<Device> devices_that_may_ring(Connection& connection, const store::CallId& call, const store::UserId& user) {
  static const Sql text(
      select_devices(R"(JOIN push_deliveries p ON p."deviceId" = d."id" AND p."userId" = d."userId" )"
                     R"(WHERE p."callId" = ? AND p."userId" = ? AND p."type" = 'ring' AND p."attempts" > 0 )"
                     R"(AND p."status" IN ('pending', 'delivered', 'expired') ORDER BY d."createdAt", d."id")"));
  Use use(connection.prepared(text));
  use.uuid(call.value());
  use.uuid(user.value());
  return devices_in(use);
}

std::optional<store::PushTry> start_push_try(Connection& connection, const store::PushId& id, WallTime now) {
  static const Sql count(R"(UPDATE push_deliveries SET "attempts" = "attempts" + 1, "updatedAt" = ? WHERE "callId" = ? )"
                         R"(AND "deviceId" = ? AND "type" = ? AND "status" = 'pending' AND "stopped" = 0 AND EXISTS )"
                         R"((SELECT 1 FROM devices d WHERE d."id" = "deviceId" AND d."userId" = push_deliveries."userId"))");
  static const Sql read(std::string("SELECT p.\"attempts\", ")
                            .append(sql::kDeviceReadColumns)
                            .append(R"( FROM push_deliveries p JOIN devices d ON d."id" = p."deviceId" )")
                            .append(R"(WHERE p."callId" = ? AND p."deviceId" = ? AND p."type" = ?)"));
  {
    Use use(connection.prepared(count));
    use.time(now);
    sql::put_push_id(use, id);
    if (use.run() == 0) return std::nullopt;
  }
  Use use(connection.prepared(read));
  sql::put_push_id(use, id);
  if (!use.row()) return std::nullopt;
  const auto attempt = static_cast<std::uint32_t>(use.number());
  return store::PushTry{.device = sql::take_device(use), .attempt = attempt};
}

bool end_push_try(Connection& connection, const store::PushEnd& end) {
  static const Sql text(R"(UPDATE push_deliveries SET "status" = ?, "error" = ?, "latencyMs" = ?, "updatedAt" = ? )"
                        R"(WHERE "callId" = ? AND "deviceId" = ? AND "type" = ? AND "status" = 'pending')");
  Use use(connection.prepared(text));
  use.text(to_text(end.status));
  use.text(end.error);
  use.maybe_number(end.latency_ms);
  use.time(end.at);
  sql::put_push_id(use, end.id);
  return use.run() == 1;
}

store::DeliveryPage page_of_deliveries(Connection& connection, const store::DeliveryQuery& query) {
  const std::string asked = asked_by(query);
  store::DeliveryPage page;
  {
    Use use(connection.prepared("SELECT count(*) FROM (SELECT 1" + asked + " LIMIT ?)"));
    put_question(use, query);
    use.number(static_cast<std::int64_t>(query.most));
    if (use.row()) page.total = static_cast<std::uint64_t>(use.number());
  }
  const auto [from, most] = store::bounds_of(query.page, page.total);
  Use use(connection.prepared(
      std::string("SELECT ")
          .append(sql::kDeliveryColumns)
          .append(asked)
          .append(R"( ORDER BY "createdAt" DESC, "callId" DESC, "deviceId" DESC, "type" DESC LIMIT ? OFFSET ?)")));
  put_question(use, query);
  use.number(static_cast<std::int64_t>(most));
  use.number(static_cast<std::int64_t>(from));
  while (use.row()) page.deliveries.push_back(sql::take_delivery(use));
  return page;
}

void forget_old_deliveries(Connection& connection, WallTime when, std::size_t most) {
  Use use(connection.prepared(
      R"(DELETE FROM push_deliveries WHERE ("callId", "deviceId", "type") IN )"
      R"((SELECT "callId", "deviceId", "type" FROM push_deliveries WHERE "createdAt" < ? ORDER BY "createdAt" LIMIT ?))"));
  use.time(when);
  use.number(static_cast<std::int64_t>(most));
  use.run();
}

}  // namespace belfry::sqlite
