#include "adapters/memory/call_store.hpp"

#include "app/call_store_contract.hpp"

namespace belfry::app::testing {
namespace {

class MemoryWorld {
 public:
  CallStore& store() { return store_; }
  void settle() {}

 private:
  memory::CallTable table_;
  memory::CallStore store_{table_};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Memory, CallStoreContract, MemoryWorld);

}  // namespace
}  // namespace belfry::app::testing
