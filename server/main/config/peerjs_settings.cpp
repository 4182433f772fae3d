// Settings: the server of PeerJS clients (SPEC K59, which gives the times' names with their unit a BELFRY_ form too).
#include "main/config/sections.hpp"

namespace belfry::config {
namespace {

constexpr Setting kPeerJs[] = {
    Setting{"peerjs.key", FIELD(peerjs.key), "the key that PeerJS clients name; it stands in the path of /{key}/id"}.also_named(
        "PEERJS_KEY"),
    Setting{"peerjs.expire", FIELD(peerjs.expire), "how long a message waits for a peer that is not there"}
        .within(Unit::milliseconds, 0, 3'600'000)
        .also_named("PEERJS_EXPIRE_MS", Unit::milliseconds)
        .also_named("BELFRY_PEERJS_EXPIRE_MS", Unit::milliseconds),
    Setting{"peerjs.alive", FIELD(peerjs.alive), "a peer whose heartbeat stays away for this long is closed"}
        .within(Unit::milliseconds, 1000, kDay)
        .also_named("PEERJS_ALIVE_MS", Unit::milliseconds)
        .also_named("BELFRY_PEERJS_ALIVE_MS", Unit::milliseconds),
    Setting{"peerjs.concurrent_limit", FIELD(peerjs.concurrent_limit),
            "most sockets of peers at once, half of them without a credential"}
        .within(Unit::none, 0, 1'000'000'000)
        .also_named("PEERJS_CONCURRENT_LIMIT"),
    Setting{"peerjs.discovery", FIELD(peerjs.discovery), "let anybody list the ids of all peers at /{key}/peers"}.also_named(
        "PEERJS_DISCOVERY"),
};

}  // namespace

std::span<const Setting> peerjs_settings() { return kPeerJs; }

}  // namespace belfry::config
