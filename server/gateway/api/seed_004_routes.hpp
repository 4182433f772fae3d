// Seed 004's routes, /user/* and /message/*, each also under /api (SPEC K1 to K10, W-004-01 to W-004-05): our own operations
// under seed 004's addresses, with its names beside ours.
#pragma once

#include "app/conversations/conversations.hpp"
#include "app/direct_messages/direct_messages.hpp"
#include "gateway/api/account_routes.hpp"
#include "gateway/api/message_routes.hpp"
#include "gateway/api/operation.hpp"

namespace belfry::gateway {

/// `conversations` is the shard's, and outlives the operations.
[[nodiscard]] Operations seed_004_user_operations(const AccountServices& services, conversations::Conversations& conversations);

/// The services of this shard. All must outlive the operations.
struct Seed004MessageServices {
  store::AccountStore& people;
  conversations::Conversations& conversations;
  MessageServices messages;
  direct_messages::DirectMessages& sending;
};
[[nodiscard]] Operations seed_004_message_operations(const Seed004MessageServices& services);

/// GET /user/getusers.
void list_contacts(const AccountServices& services, conversations::Conversations& conversations,
                   const std::shared_ptr<ApiCall>& call);

/// Their paths begin with /api; each is served without it too, and documented there.
[[nodiscard]] Operations at_both_addresses(const Operations& all);

}  // namespace belfry::gateway
