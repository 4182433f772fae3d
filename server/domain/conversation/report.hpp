// What the entry of a change says (SPEC K41): a plain English line. Pure.
#pragma once

#include <functional>
#include <string>

#include "domain/conversation/change.hpp"

namespace belfry::conversation {

/// How a user is called.
using NameOf = std::function<std::string(const UserId&)>;

/// Empty: there is nothing to report, because nothing changed that concerns the others, or nobody is left to read it.
[[nodiscard]] std::string report(const Conversation& before, const Step& step, const UserId& actor, const NameOf& name_of);

}  // namespace belfry::conversation
