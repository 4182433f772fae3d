// One Engine.IO session as the shard keeps it. Small on purpose: an idle WebSocket session is this and nothing more, so
// what only polling needs sits behind a pointer. Private to engine*.cpp.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "protocol/engine.hpp"
#include "wire/engineio/payload.hpp"

namespace belfry::protocol {

/// What a session on long-polling has beyond one on WebSocket.
struct PollSide {
  struct Waiting {
    engineio::PacketType type;
    engineio::Encoding encoding;
    std::string data;
  };
  std::vector<Waiting> waiting;  // packets for the next poll, in order
  std::size_t waiting_bytes = 0;
  ConnectionId poll;        // the GET that waits, if any
  ConnectionId probe;       // the WebSocket that wants to take over, if any
  bool answer_due = false;  // settle_due_polls() will look at it after the present event
  engineio::BinaryAs binary_as = engineio::BinaryAs::octets;
};

struct EngineSession {
  std::uint64_t secret = 0;
  EngineApp* app = nullptr;
  ConnectionId websocket;
  std::unique_ptr<PollSide> polling;  // null once packets travel by WebSocket
  Beat beat;
  std::uint32_t app_slot = kNoSlot;
  engineio::Version version = engineio::Version::v4;
  bool awaits_pong = false;
  bool overflowed = false;  // the client stopped polling: nothing more is sent or read, and it ends after the present event
  Compression compression = Compression::none;
  TransportState state;
};

}  // namespace belfry::protocol
