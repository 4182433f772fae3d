// The length of a device id, which a client chooses and its peers see as a name. Sockets and REST deal differently with a longer
// one, and clients rely on both, so neither changes:
// - A socket's `auth.deviceId` (docs/protocol/native.md) is cut to this many bytes, at the end of a character. To refuse the
// CONNECT
//   would leave a client without calls because of a label.
// - `deviceId` in a REST body is refused above this many characters, like any text that is too long (SPEC 2.1): the client gets
//   the name of the field, and loses one request only. It counts characters because JSON Schema, in which /api/openapi.json
//   states the limit, does.
#pragma once

#include <cstddef>

namespace belfry::gateway {

/// A UUID needs 36; a model's name with a UUID fits.
constexpr std::size_t kMaxDeviceId = 128;

}  // namespace belfry::gateway
