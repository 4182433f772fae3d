// Replies: what the asker of a command is answered, on their own shard.
#pragma once

#include "app/calls/command.hpp"
#include "app/calls/post.hpp"
#include "app/calls/result.hpp"

namespace belfry::calls {

class Replies {
 public:
  Replies(SharedCalls& shared, const Post& post) : shared_(shared), post_(post) {}
  void answer(const Command& command, const CallAnswer& answer);
  /// Also drops what the asker's session signalled while it waited.
  void refuse(const Command& command, Refused refused);

 private:
  SharedCalls& shared_;
  Post post_;
};

}  // namespace belfry::calls
