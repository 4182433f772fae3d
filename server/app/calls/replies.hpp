// Replies: answers a command, on the asker's shard.
#pragma once

#include "app/calls/command.hpp"
#include "app/calls/post.hpp"
#include "app/calls/result.hpp"

namespace belfry::calls {

class Replies {
 public:
  Replies(SharedCalls& shared, const Post& post) : shared_(shared), post_(post) {}
  void answer(const Command& command, const CallResult& result);
  /// Also drops the signals that the asker's session sent while its start waited, or the one signal that was refused.
  void refuse(const Command& command, Refused refused);

 private:
  SharedCalls& shared_;
  Post post_;
};

}  // namespace belfry::calls
