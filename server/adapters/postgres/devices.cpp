#include "adapters/postgres/devices.hpp"

#include <string>

#include "adapters/postgres/id_array.hpp"
#include "adapters/sql/device_columns.hpp"

namespace belfry::postgres {
namespace {

using store::Device;

std::string select_devices(std::string_view rest) {
  return std::string("SELECT ").append(sql::kDeviceReadColumns).append(" FROM devices d ").append(rest);
}

std::vector<Device> devices_in(const Rows& rows) {
  std::vector<Device> devices;
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    devices.push_back(sql::take_device(row));
  }
  return devices;
}

/// The deliveries asked for, and the parameters so far. Contains only the filters that were given, so that each has its index.
struct Question {
  std::string text = " FROM push_deliveries WHERE true";
  Params params{};
  int used = 0;
  std::string next() { return "$" + std::to_string(++used); }
};

Question question_of(const store::DeliveryQuery& query) {
  Question asked;
  if (query.call) asked.text.append(R"( AND "callId" = )").append(asked.next()), asked.params.uuid(query.call->value());
  if (query.user) asked.text.append(R"( AND "userId" = )").append(asked.next()), asked.params.uuid(query.user->value());
  if (query.status) asked.text.append(R"( AND "status" = )").append(asked.next()), asked.params.text(to_text(*query.status));
  return asked;
}

std::uint64_t count_of(Connection& connection, const store::DeliveryQuery& query) {
  auto [text, params, used] = question_of(query);
  params.number(static_cast<std::int64_t>(query.most));
  const std::string count = "SELECT count(*) FROM (SELECT 1" + text + " LIMIT $" + std::to_string(used + 1) + ") newest";
  return static_cast<std::uint64_t>(connection.run(count, params).at(0).number());
}

}  // namespace

std::optional<Device> device_of_token(Connection& connection, const Device& device) {
  static const std::string text = select_devices(R"(WHERE d."pushProvider" = $1 AND d."pushToken" = $2 FOR UPDATE)");
  Params params;
  params.text(to_text(device.provider));
  params.text(device.address.token);
  auto found = devices_in(connection.run(text, params));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

void insert_device(Connection& connection, const Device& device) {
  static const std::string text = std::string("INSERT INTO devices (")
                                      .append(sql::kDeviceColumns)
                                      .append(") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
  Params params;
  sql::put_device(params, device);
  connection.run(text, params);
}

void update_device(Connection& connection, const Device& device) {
  static const std::string text = std::string("UPDATE devices SET (")
                                      .append(sql::kDeviceColumns)
                                      .append(") = ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) WHERE \"id\" = $1");
  Params params;
  sql::put_device(params, device);
  connection.run(text, params);
}

void remove_devices_beyond(Connection& connection, const Device& newest, std::size_t limit) {
  Params params;
  params.uuid(newest.user.value());
  params.uuid(newest.id.value());
  params.number(static_cast<std::int64_t>(limit) - 1);
  connection.run(R"(DELETE FROM devices WHERE "id" IN (SELECT "id" FROM devices WHERE "userId" = $1 AND "id" <> $2 )"
                 R"(ORDER BY "lastActiveAt" DESC, "createdAt" DESC, "id" DESC OFFSET $3))",
                 params);
}

std::vector<Device> devices_of(Connection& connection, const store::UserId& user) {
  static const std::string text = select_devices(R"(WHERE d."userId" = $1 ORDER BY d."createdAt", d."id")");
  Params params;
  params.uuid(user.value());
  return devices_in(connection.run(text, params));
}

std::vector<store::DeviceOwner> device_owners(Connection& connection, const store::OwnerQuery& query) {
  std::string providers;
  for (const auto each : query.providers) providers.append(providers.empty() ? "" : ",").append(to_text(each));
  Params params;
  put_ids(params, query.users);
  params.time(query.active_since);
  params.text(providers);
  const auto rows = connection.run(R"(SELECT "userId", bool_or(NOT "dnd" AND "lastActiveAt" >= $2 )"
                                   R"(AND "pushProvider" = ANY (string_to_array($3, ','))) )"
                                   R"(FROM devices WHERE "userId" = ANY ($1) GROUP BY "userId" ORDER BY "userId")",
                                   params);
  std::vector<store::DeviceOwner> owners;
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    const store::UserId user(row.uuid());
    owners.push_back({user, row.flag()});
  }
  return owners;
}

std::optional<Device> change_device(Connection& connection, const store::DeviceChange& change) {
  static const std::string text =
      std::string(R"(UPDATE devices SET "dnd" = coalesce($1::boolean, "dnd"), "name" = coalesce($2, "name") )")
          .append(R"(WHERE "id" = $3 AND "userId" = $4 RETURNING )")
          .append(sql::kDeviceColumns);
  Params params;
  params.maybe_text(change.dnd ? std::optional<std::string>(*change.dnd ? "true" : "false") : std::nullopt);
  params.maybe_text(change.name);
  params.uuid(change.id.value());
  params.uuid(change.user.value());
  auto changed = devices_in(connection.run(text, params));
  if (changed.empty()) return std::nullopt;
  return std::move(changed.front());
}

bool remove_device(Connection& connection, const store::DeviceId& id, const store::UserId& user) {
  Params params;
  params.uuid(id.value());
  params.uuid(user.value());
  return connection.run(R"(DELETE FROM devices WHERE "id" = $1 AND "userId" = $2)", params).changed() == 1;
}

void remove_device_of_token(Connection& connection, const store::DeviceId& id, const std::string& token) {
  Params params;
  params.uuid(id.value());
  params.text(token);
  connection.run(R"(DELETE FROM devices WHERE "id" = $1 AND $2 IN ("pushToken", "voipToken"))", params);
}

void touch_device(Connection& connection, const store::DeviceId& id, const store::UserId& user, WallTime now) {
  Params params;
  params.time(now);
  params.uuid(id.value());
  params.uuid(user.value());
  connection.run(R"(UPDATE devices SET "lastActiveAt" = $1 WHERE "id" = $2 AND "userId" = $3 AND "lastActiveAt" < $1)", params);
}

bool lock_pending_leg(Connection& connection, const store::CallId& call, const store::UserId& user) {
  Params params;
  params.uuid(call.value());
  params.uuid(user.value());
  return !connection
              .run(R"(SELECT 1 FROM call_participants WHERE "callId" = $1 AND "userId" = $2 )"
                   R"(AND "state" IN ('invited', 'notified', 'ringing') FOR SHARE)",
                   params)
              .empty();
}

bool insert_delivery(Connection& connection, const store::PushDelivery& delivery) {
  Params params;
  sql::put_push_id(params, delivery.id);
  params.uuid(delivery.user.value());
  params.text(to_text(delivery.provider));
  params.time(delivery.created);
  params.time(delivery.updated);
  return connection
             .run(R"(INSERT INTO push_deliveries ("callId", "deviceId", "type", "userId", "provider", "createdAt", "updatedAt") )"
                  R"(VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING)",
                  params)
             .changed() == 1;
}

void mark_rings_stopped(Connection& connection, const store::CallId& call, const store::UserId& user) {
  Params params;
  params.uuid(call.value());
  params.uuid(user.value());
  connection.run(R"(UPDATE push_deliveries SET "stopped" = true WHERE "callId" = $1 AND "userId" = $2 AND "type" = 'ring')",
                 params);
}

std::vector<Device> devices_that_may_ring(Connection& connection, const store::CallId& call, const store::UserId& user) {
  static const std::string text =
      select_devices(R"(JOIN push_deliveries p ON p."deviceId" = d."id" AND p."userId" = d."userId" )"
                     R"(WHERE p."callId" = $1 AND p."userId" = $2 AND p."type" = 'ring' AND p."attempts" > 0 )"
                     R"(AND p."status" IN ('pending', 'delivered', 'expired') ORDER BY d."createdAt", d."id")");
  Params params;
  params.uuid(call.value());
  params.uuid(user.value());
  return devices_in(connection.run(text, params));
}

std::optional<store::PushTry> start_push_try(Connection& connection, const store::PushId& id, WallTime now) {
  static const std::string text =
      std::string(R"(UPDATE push_deliveries p SET "attempts" = "attempts" + 1, "updatedAt" = $1 FROM devices d )")
          .append(R"(WHERE p."callId" = $2 AND p."deviceId" = $3 AND p."type" = $4 AND p."status" = 'pending' )")
          .append(R"(AND NOT p."stopped" AND d."id" = p."deviceId" AND d."userId" = p."userId" RETURNING p."attempts", )")
          .append(sql::kDeviceReadColumns);
  Params params;
  params.time(now);
  sql::put_push_id(params, id);
  const auto rows = connection.run(text, params);
  if (rows.empty()) return std::nullopt;
  auto row = rows.at(0);
  const auto attempt = static_cast<std::uint32_t>(row.number());
  return store::PushTry{.device = sql::take_device(row), .attempt = attempt};
}

bool end_push_try(Connection& connection, const store::PushEnd& end) {
  Params params;
  params.text(to_text(end.status));
  params.text(end.error);
  params.maybe_number(end.latency_ms);
  params.time(end.at);
  sql::put_push_id(params, end.id);
  return connection
             .run(R"(UPDATE push_deliveries SET "status" = $1, "error" = $2, "latencyMs" = $3, "updatedAt" = $4 )"
                  R"(WHERE "callId" = $5 AND "deviceId" = $6 AND "type" = $7 AND "status" = 'pending')",
                  params)
             .changed() == 1;
}

store::DeliveryPage page_of_deliveries(Connection& connection, const store::DeliveryQuery& query) {
  store::DeliveryPage page{.total = count_of(connection, query)};
  const auto [from, most] = store::bounds_of(query.page, page.total);
  if (most == 0) return page;
  Question asked = question_of(query);
  const std::string limit = asked.next(), offset = asked.next();
  asked.params.number(static_cast<std::int64_t>(most));
  asked.params.number(static_cast<std::int64_t>(from));
  const auto rows =
      connection.run(std::string("SELECT ")
                         .append(sql::kDeliveryColumns)
                         .append(asked.text)
                         .append(R"( ORDER BY "createdAt" DESC, "callId" DESC, "deviceId" DESC, "type" DESC LIMIT )" + limit +
                                 " OFFSET " + offset),
                     asked.params);
  for (int i = 0; i < rows.size(); ++i) {
    auto row = rows.at(i);
    page.deliveries.push_back(sql::take_delivery(row));
  }
  return page;
}

void forget_old_deliveries(Connection& connection, WallTime when, std::size_t most) {
  Params params;
  params.time(when);
  params.number(static_cast<std::int64_t>(most));
  connection.run(R"(DELETE FROM push_deliveries WHERE ctid = ANY (ARRAY )"
                 R"((SELECT ctid FROM push_deliveries WHERE "createdAt" < $1 ORDER BY "createdAt" LIMIT $2)))",
                 params);
}

}  // namespace belfry::postgres
