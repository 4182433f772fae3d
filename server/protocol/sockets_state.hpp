// The records behind Sockets. Private to sockets*.cpp.
#pragma once

#include "protocol/session_id.hpp"
#include "protocol/socket_life.hpp"
#include "protocol/sockets.hpp"

namespace belfry::protocol {

/// What only a socket that was sent something, or waits for an acknowledgement, has.
struct Sockets::Extras {
  RecoveryLog log;
  std::uint64_t next_ack = 0;
  std::unordered_map<std::uint64_t, AckCallback> awaited_acks;
};

struct Sockets::Socket {
  EngineRef engine;              // none while it is not connected
  std::uint64_t public_id = 0;   // the sid others may see
  std::uint64_t private_id = 0;  // the pid, which is shown to its client only
  std::unique_ptr<Extras> extras;
  std::uint32_t next = kNoSlot;  // the next socket of the same Engine.IO session
  std::uint32_t birth_slot = 0;  // with birth_shard: the place inside sid and pid, unchanged by recoveries
  std::uint8_t birth_shard = 0;
  std::uint8_t name_space = 0;  // index into the settings' list
  bool moved = false;           // SharedSockets says where it is
  SocketLife life;
};

/// A binary packet whose attachments have not all come. Without a text: of a packet that was refused; they are dropped.
struct Sockets::Assembly {
  std::string text;
  std::uint32_t awaited = 0;
  std::vector<std::string> attachments;
  std::size_t bytes = 0;  // of all that is kept
};

struct Sockets::Recovery {
  EngineRef engine;  // on the shard that asks
  ShardIndex asker = 0;
  SessionKey pid;
  std::uint8_t name_space = 0;
  std::uint64_t seen = 0;  // the offset of the last event that the client has
  std::string who;         // the gateway's name for its credential
  std::string auth;        // as JSON, for a new socket if there is none to recover
  TimePoint asked;
};

struct Sockets::Departed {
  SessionAddress before;
  std::uint64_t public_id = 0;
  std::uint64_t private_id = 0;
  std::uint32_t birth_slot = 0;
  std::uint8_t birth_shard = 0;
  std::uint8_t name_space = 0;
  RecoveryLog log;
  SocketLife life;
  std::string state;  // the gateway's
};

}  // namespace belfry::protocol
