// Rooms: named sets of a shard's sockets, for broadcasts (Socket.IO "Rooms"). A room exists while it has a member.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace belfry::protocol {

class Rooms {
 public:
  void join(std::string_view room, std::uint32_t socket) {
    auto& members = rooms_[std::string(room)];
    if (std::find(members.begin(), members.end(), socket) != members.end()) return;
    members.push_back(socket);
    of_socket_[socket].emplace_back(room);
  }
  void leave(std::string_view room, std::uint32_t socket) {
    remove_member(std::string(room), socket);
    if (const auto found = of_socket_.find(socket); found != of_socket_.end()) {
      std::erase(found->second, room);
      if (found->second.empty()) of_socket_.erase(found);
    }
  }
  void leave_all(std::uint32_t socket) {
    const auto found = of_socket_.find(socket);
    if (found == of_socket_.end()) return;
    for (const std::string& room : found->second) remove_member(room, socket);
    of_socket_.erase(found);
  }
  /// A copy: a member may leave while it is being sent something.
  [[nodiscard]] std::vector<std::uint32_t> members(std::string_view room) const {
    const auto found = rooms_.find(std::string(room));
    return found == rooms_.end() ? std::vector<std::uint32_t>{} : found->second;
  }
  [[nodiscard]] std::vector<std::string> rooms_of(std::uint32_t socket) const {
    const auto found = of_socket_.find(socket);
    return found == of_socket_.end() ? std::vector<std::string>{} : found->second;
  }

 private:
  void remove_member(const std::string& room, std::uint32_t socket) {
    const auto found = rooms_.find(room);
    if (found == rooms_.end()) return;
    std::erase(found->second, socket);
    if (found->second.empty()) rooms_.erase(found);
  }

  std::unordered_map<std::string, std::vector<std::uint32_t>> rooms_;
  std::unordered_map<std::uint32_t, std::vector<std::string>> of_socket_;
};

}  // namespace belfry::protocol
