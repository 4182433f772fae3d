#include "net/descriptor_channel.hpp"

#include <errno.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "base/check.hpp"

namespace belfry::net {
namespace {

/// A message of sendmsg(2): the ticket as bytes, the descriptor beside them (SCM_RIGHTS, unix(7)).
struct TicketMessage {
  std::uint64_t ticket = 0;
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  iovec part{&ticket, sizeof ticket};
  msghdr header{};

  TicketMessage() {
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control;
    header.msg_controllen = sizeof control;
  }
  TicketMessage(const TicketMessage&) = delete;
  TicketMessage& operator=(const TicketMessage&) = delete;
};

}  // namespace

DescriptorChannel::DescriptorChannel() {
  int ends[2];
  const int made = ::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends);
  CHECK(made == 0, "a socket pair can be made at start");
  in_.reset(ends[0]);
  out_.reset(ends[1]);
}

bool DescriptorChannel::send(int descriptor, std::uint64_t ticket) {
  TicketMessage message;
  message.ticket = ticket;
  cmsghdr* const rights = CMSG_FIRSTHDR(&message.header);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof descriptor);
  std::memcpy(CMSG_DATA(rights), &descriptor, sizeof descriptor);
  return ::sendmsg(in_.get(), &message.header, MSG_NOSIGNAL) >= 0;
}

Descriptor DescriptorChannel::receive(std::uint64_t ticket) {
  const auto early = std::ranges::find(early_, ticket, &Early::first);
  if (early != early_.end()) {
    Descriptor found(early->second);
    early_.erase(early);
    return found;
  }
  for (;;) {
    TicketMessage message;
    if (::recvmsg(out_.get(), &message.header, MSG_CMSG_CLOEXEC) < 0) {
      if (errno == EINTR) continue;
      return {};
    }
    int descriptor = -1;
    const cmsghdr* const rights = CMSG_FIRSTHDR(&message.header);
    if (rights != nullptr && rights->cmsg_type == SCM_RIGHTS) std::memcpy(&descriptor, CMSG_DATA(rights), sizeof descriptor);
    if (message.ticket == ticket) return Descriptor(descriptor);
    early_.emplace_back(message.ticket, descriptor);
  }
}

}  // namespace belfry::net
