// belfry audit verify: checks the hash chain of every call's records.
#include <algorithm>
#include <cstdio>

#include "main/commands/command.hpp"
#include "store/audit_verify.hpp"

namespace belfry::commands {

int audit(const Request& request, BlockingStore& store) {
  if (request.words.size() != 2 || request.words[1] != "verify") return complain("belfry audit verify");
  store::AuditVerifier verifier;
  std::uint64_t records = 0, faults = 0;
  for (store::AuditQuery query{.limit = 10'000};;) {
    const auto page = store.ask<StoreResult<std::vector<store::AuditEntry>>>(
        [&](auto done) { store.ports().archive.audit(query, std::move(done)); });
    if (!page) return complain(kUnavailable);
    for (const auto& entry : *page) {
      query.after_seq = std::max(query.after_seq, entry.seq);
      if (!entry.call) continue;
      ++records;
      const auto added = verifier.add(entry);
      if (added) continue;
      ++faults;
      std::printf("call %s, record %llu: %s\n", to_text(entry.call->value()).c_str(),
                  static_cast<unsigned long long>(added.error().call_seq), std::string(to_text(added.error().kind)).c_str());
    }
    if (page->size() < query.limit) break;
  }
  std::printf("%llu records of %zu calls, %llu broken\n", static_cast<unsigned long long>(records), verifier.calls(),
              static_cast<unsigned long long>(faults));
  return faults == 0 ? 0 : 1;
}

}  // namespace belfry::commands
