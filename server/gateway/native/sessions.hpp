// native::Sessions: the sessions of the native dialect on one shard, by socket. An event of this dialect is sent through emit(),
// which gives it the next number of its session, or keeps it until session.ready has been sent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/clock.hpp"
#include "base/own_thread.hpp"
#include "gateway/dialects/ports.hpp"
#include "gateway/native/session.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway::native {

class Sessions {
 public:
  Sessions(SocketOut& out, const Clock& clock) : out_(out), clock_(clock) {}

  [[nodiscard]] NativeSession* find(SessionAddress at);
  NativeSession& place(SocketContext& context);
  void erase(SessionAddress at) { sessions_.erase(at.slot); }
  [[nodiscard]] std::size_t count() const { return sessions_.size(); }
  /// Those that have been sent session.ready.
  [[nodiscard]] std::vector<NativeSession*> greeted() const;

  /// `write` adds members after the common ones.
  template <class Write>
  void emit(NativeSession& session, std::string_view event, const Write& write);
  void emit(NativeSession& session, std::string_view event) {
    emit(session, event, [](json::Writer&) {});
  }

 private:
  void append_head(NativeSession& session, json::Writer& json) const;

  [[no_unique_address]] OwnThread own_thread_;
  SocketOut& out_;
  const Clock& clock_;
  boost::unordered_flat_map<std::uint32_t, std::unique_ptr<NativeSession>> sessions_;  // by socket slot
};

template <class Write>
void Sessions::emit(NativeSession& session, std::string_view event, const Write& write) {
  std::string payload;
  json::Writer json(payload);
  if (!session.greeted) {
    write(json);
    session.held.emplace_back(event, std::move(payload));
    return;
  }
  append_head(session, json.open_object());
  write(json);
  json.close_object();
  const std::string_view pieces[] = {payload};
  out_.emit(session.context->at, event, pieces);
}

}  // namespace belfry::gateway::native
