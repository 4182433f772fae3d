#include "domain/call/ids.hpp"

namespace belfry::call {

std::string to_text(const CallId& id) { return belfry::to_text(id.value()); }

}  // namespace belfry::call
