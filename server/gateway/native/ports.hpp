// NativePorts: what the native dialect needs of its shard and of the store. NativeSettings: its limits.
#pragma once

#include "app/accounts/external_users.hpp"
#include "app/chat/chat.hpp"
#include "app/limits/reads_in_flight.hpp"
#include "app/presence/watches.hpp"
#include "base/clock.hpp"
#include "base/token_bucket.hpp"
#include "gateway/dialects/media_tokens.hpp"
#include "gateway/dialects/ports.hpp"
#include "store/call_archive.hpp"

namespace belfry::gateway {

struct NativeSettings {
  RateLimit signals{.max = 200, .window = std::chrono::seconds{10}};
  /// The limit of call.media and call.quality together, because each may need a write.
  RateLimit reports{.max = 60, .window = std::chrono::minutes{1}};
  /// A snapshot includes calls that ended this long ago: as long as a lost socket may recover.
  Duration recently_ended = std::chrono::seconds{120};
  /// Told to clients, so that they can say so before an upload (files::FileLimits).
  std::size_t max_file_bytes = 10 * 1024 * 1024;
};

/// All must outlive the dialect. `ensure_known`: accounts::ExternalUsers.
struct NativePorts {
  CallsPort& calls;
  SocketIn& in;
  SocketOut& out;
  store::CallStore& store;
  store::CallArchive& archive;
  const Clock& clock;
  accounts::EnsureKnown ensure_known{};
  limits::ReadsInFlight* reads = nullptr;  // null: no limit
  MediaTokens* tokens = nullptr;           // null: no media token can be presented
  chat::Chat* chat = nullptr;              // null: the events about messages are not supported
  presence::Watches* presence = nullptr;   // null: those about presence are not
};

}  // namespace belfry::gateway
