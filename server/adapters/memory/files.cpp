// Files, and those that nobody needs any more.
#include <algorithm>
#include <optional>
#include <vector>

#include "adapters/memory/stores.hpp"

namespace belfry::memory {
namespace {

bool may_read(const State& state, const account::UserId& reader, const conversation::ConversationId& id,
              const store::MessageId& message) {
  const auto conversation = state.conversations.find(id);
  const auto messages = state.messages.find(id);
  if (conversation == state.conversations.end() || messages == state.messages.end()) return false;
  const auto& members = conversation->second.members;
  const auto member = std::find_if(members.begin(), members.end(), [&](const auto& each) { return each.user == reader; });
  return member != members.end() && std::any_of(messages->second.begin(), messages->second.end(), [&](const MessageEntry& each) {
           return each.message.id == message && !each.message.deleted && each.message.seq > member->joined_after;
         });
}

/// nullopt: a message has it.
std::optional<WallTime> unused_since(const State& state, const file::File& file) {
  const auto later = [](WallTime one, WallTime other) { return other < one ? one : other; };
  WallTime since = file.created;
  if (const auto gone = state.conversation_gone.find(file.info.id); gone != state.conversation_gone.end())
    since = later(since, gone->second);
  const auto [first, last] = state.attached.equal_range(file.info.id);
  for (auto each = first; each != last; ++each) {
    const auto messages = state.messages.find(each->second.first);
    if (messages == state.messages.end()) continue;
    for (const MessageEntry& entry : messages->second) {
      if (entry.message.id != each->second.second) continue;
      if (!entry.message.deleted) return std::nullopt;
      since = later(since, *entry.message.deleted);
    }
  }
  return since;
}

}  // namespace

void FileStore::add(file::File file, store::Done<Expected<void, store::Unavailable>> done) {
  tables_.with([&](State& state) { state.files.insert_or_assign(file.info.id, file); });
  done({});
}

void FileStore::find(file::FileId id, account::UserId reader,
                     store::Done<Expected<std::optional<file::File>, store::Unavailable>> done) {
  done(tables_.with([&](State& state) -> std::optional<file::File> {
    const auto found = state.files.find(id);
    if (found == state.files.end()) return std::nullopt;
    if (found->second.owner == reader) return found->second;
    const auto [first, last] = state.attached.equal_range(id);
    const bool readable = std::any_of(
        first, last, [&](const auto& each) { return may_read(state, reader, each.second.first, each.second.second); });
    return readable ? std::optional(found->second) : std::nullopt;
  }));
}

void FileStore::take_unused(WallTime before, file::FileId after, std::uint32_t most,
                            store::Done<Expected<std::vector<file::FileId>, store::Unavailable>> done) {
  done(tables_.with([&](State& state) {
    std::vector<file::FileId> unused;
    for (const auto& [id, file] : state.files)
      if (const auto since = unused_since(state, file); since && *since < before && unused.size() < most) unused.push_back(id);
    for (const auto& id : unused) {
      state.files.erase(id);
      state.attached.erase(id);
      state.conversation_gone.erase(id);
      state.removed_files.insert(id);
    }
    std::vector<file::FileId> removed(state.removed_files.upper_bound(after), state.removed_files.end());
    if (removed.size() > most) removed.resize(most);
    return removed;
  }));
}

void FileStore::bytes_removed(std::vector<file::FileId> ids, store::Done<Expected<void, store::Unavailable>> done) {
  tables_.with([&](State& state) {
    for (const auto& id : ids) state.removed_files.erase(id);
  });
  done({});
}

}  // namespace belfry::memory
