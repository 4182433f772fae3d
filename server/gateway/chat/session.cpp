#include "gateway/chat/session.hpp"

#include <algorithm>

#include "gateway/dialects/packing.hpp"

namespace belfry::gateway::chat_clients {

std::string pack(const Memory& memory) {
  Packer packer;
  packer.put(memory.events);
  packer.put(memory.online);
  packer.put(memory.calls.size());
  packer.put(memory.kept.size());
  for (const KnownCall& each : memory.calls) packer.put(each);
  for (const Reached& each : memory.kept) packer.put(each);
  return packer.take();
}

Memory unpack_memory(std::string_view text) {
  Memory memory;
  Unpacker unpacker(text);
  std::size_t calls = 0, kept = 0;
  unpacker.get(memory.events);
  unpacker.get(memory.online);
  unpacker.get(calls);
  unpacker.get(kept);
  if (std::max(calls, kept) > text.size()) return {};  // damaged
  memory.calls.resize(calls);
  memory.kept.resize(kept);
  for (KnownCall& each : memory.calls) unpacker.get(each);
  for (Reached& each : memory.kept) unpacker.get(each);
  return unpacker.whole() ? std::move(memory) : Memory{};
}

void Memory::note_kept(const Reached& reached) {
  const auto known =
      std::find_if(kept.begin(), kept.end(), [&](const Reached& each) { return each.conversation == reached.conversation; });
  if (known == kept.end())
    kept.push_back(reached);
  else
    known->seq = std::max(known->seq, reached.seq);
}

KnownCall* Session::find_known(const call::CallId& call) {
  const auto found =
      std::find_if(memory.calls.begin(), memory.calls.end(), [&](const KnownCall& each) { return each.id == call; });
  return found == memory.calls.end() ? nullptr : &*found;
}

KnownCall& Session::known(const call::CallId& call) {
  if (KnownCall* const found = find_known(call)) return *found;
  if (memory.calls.size() >= kMostKnown) memory.calls.erase(memory.calls.begin());
  return memory.calls.emplace_back(KnownCall{.id = call});
}

void Session::forget(const call::CallId& call) {
  std::erase_if(memory.calls, [&](const KnownCall& each) { return each.id == call; });
}

Session* SessionTable::find(SessionAddress at) {
  own_thread_.check();
  const auto found = sessions_.find(at.slot);
  return found == sessions_.end() || found->second->context->at != at ? nullptr : found->second.get();
}

Session& SessionTable::place(SocketContext& context) {
  own_thread_.check();
  auto& session = sessions_[context.at.slot];
  session = std::make_unique<Session>();
  session->context = &context;
  return *session;
}

void SessionTable::erase(SessionAddress at) {
  own_thread_.check();
  sessions_.erase(at.slot);
}

}  // namespace belfry::gateway::chat_clients
