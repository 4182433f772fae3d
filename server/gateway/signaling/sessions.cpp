#include "gateway/signaling/sessions.hpp"

namespace belfry::gateway::signaling {

void Sessions::open(SessionAddress socket) {
  own_thread_.check();
  if (socket.slot >= sessions_.size()) sessions_.resize(socket.slot + 1);
  SignalingSession& session = sessions_[socket.slot];
  if (session.generation == socket.generation) return;
  session = {};
  session.generation = socket.generation;
}

SignalingSession& Sessions::of(SessionAddress socket) {
  open(socket);
  return sessions_[socket.slot];
}

SignalingSession* Sessions::find(SessionAddress socket) {
  own_thread_.check();
  if (socket.slot >= sessions_.size() || sessions_[socket.slot].generation != socket.generation) return nullptr;
  return &sessions_[socket.slot];
}

}  // namespace belfry::gateway::signaling
