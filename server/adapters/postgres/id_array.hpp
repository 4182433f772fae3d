// An array of ids, of numbers, or of texts, as a parameter.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "adapters/postgres/connection.hpp"

namespace belfry::postgres {

template <class Id>
void put_ids(Params& params, const std::vector<Id>& ids) {
  params.value(kUuidArray, array_of(kUuid, ids, [](std::string& out, const Id& id) {
                 const Uuid& bytes = id.value();
                 put_number(out, static_cast<std::int32_t>(bytes.size()));
                 out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
               }));
}

inline void put_numbers(Params& params, const std::vector<std::uint64_t>& numbers) {
  params.value(kInt8Array, array_of(kInt8, numbers, [](std::string& out, std::uint64_t number) {
                 put_number(out, static_cast<std::int32_t>(sizeof number));
                 put_number(out, static_cast<std::int64_t>(number));
               }));
}

inline void put_texts(Params& params, const std::vector<std::string>& texts) {
  params.value(kTextArray, array_of(kText, texts, [](std::string& out, const std::string& each) {
                 const std::string text = storable(each);
                 put_number(out, static_cast<std::int32_t>(text.size()));
                 out += text;
               }));
}

}  // namespace belfry::postgres
