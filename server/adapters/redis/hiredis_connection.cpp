#include "adapters/redis/hiredis_connection.hpp"

#include <hiredis/hiredis.h>
#include <sys/time.h>

#include <chrono>
#include <cstddef>
#include <utility>

namespace belfry::redis {
namespace {

struct FreeContext {
  void operator()(redisContext* context) const { redisFree(context); }
};
struct FreeReply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using ContextPtr = std::unique_ptr<redisContext, FreeContext>;
using ReplyPtr = std::unique_ptr<redisReply, FreeReply>;

timeval timeval_of(Duration time) {
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(time).count();
  return {.tv_sec = us / 1'000'000, .tv_usec = us % 1'000'000};
}

/// hiredis's own text names the host where it cannot be found.
Fault fault_of(const redisContext* context) {
  if (context == nullptr) return {"no memory for a connection"};
  switch (context->err) {
    case REDIS_ERR_IO:
      return {static_cast<const char*>(context->errstr)};  // of the system: "Connection refused"
    case REDIS_ERR_EOF:
      return {"it closed the connection"};
    case REDIS_ERR_PROTOCOL:
      return {"it does not speak the protocol of Redis"};
    default:
      return {"its host cannot be found"};
  }
}

std::string text_of(const redisReply& reply) { return reply.str == nullptr ? std::string{} : std::string(reply.str, reply.len); }

Reply reply_of(const redisReply& from) {
  switch (from.type) {
    case REDIS_REPLY_INTEGER:
      return {.kind = Reply::Kind::integer, .number = from.integer};
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
      return {.kind = Reply::Kind::text, .text = text_of(from)};
    case REDIS_REPLY_ERROR:
      return {.kind = Reply::Kind::error, .text = text_of(from)};
    case REDIS_REPLY_ARRAY: {
      Reply reply{.kind = Reply::Kind::list};
      for (std::size_t i = 0; i < from.elements; ++i) reply.list.push_back(text_of(*from.element[i]));
      return reply;
    }
    default:
      return {};
  }
}

class HiredisConnection final : public Connection {
 public:
  explicit HiredisConnection(ContextPtr context) : context_(std::move(context)) {}

  Expected<std::vector<Reply>, Fault> run(const std::vector<Command>& commands) override {
    for (const Command& command : commands)
      if (!append(command)) return unexpected(fault_of(context_.get()));
    std::vector<Reply> replies;
    replies.reserve(commands.size());
    while (replies.size() < commands.size()) {
      void* raw = nullptr;
      if (redisGetReply(context_.get(), &raw) != REDIS_OK) return unexpected(fault_of(context_.get()));
      const ReplyPtr reply(static_cast<redisReply*>(raw));
      replies.push_back(reply_of(*reply));
    }
    return replies;
  }

 private:
  [[nodiscard]] bool append(const Command& command) {
    std::vector<const char*> words;
    std::vector<std::size_t> sizes;
    for (const std::string& word : command) {
      words.push_back(word.data());
      sizes.push_back(word.size());
    }
    return redisAppendCommandArgv(context_.get(), static_cast<int>(words.size()), words.data(), sizes.data()) == REDIS_OK;
  }

  ContextPtr context_;
};

std::vector<Command> greeting(const Address& address) {
  std::vector<Command> commands;
  if (!address.password.empty()) {
    Command& login = commands.emplace_back(Command{"AUTH"});
    if (!address.user.empty()) login.push_back(address.user);
    login.push_back(address.password);
  }
  commands.push_back({"SELECT", std::to_string(address.database)});
  return commands;
}

}  // namespace

Expected<std::unique_ptr<Connection>, Fault> connect(const Address& address, Duration patience) {
  const timeval time = timeval_of(patience);
  ContextPtr context(redisConnectWithTimeout(address.host.c_str(), address.port, time));
  if (!context || context->err != 0) return unexpected(fault_of(context.get()));
  if (redisSetTimeout(context.get(), time) != REDIS_OK) return unexpected(fault_of(context.get()));
  auto connection = std::make_unique<HiredisConnection>(std::move(context));
  if (const auto greeted = run_well(*connection, greeting(address)); !greeted) return unexpected(greeted.error());
  return connection;
}

}  // namespace belfry::redis
