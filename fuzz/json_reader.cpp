// If the Reader accepts a text, its slices are inside the text, and quoting a decoded string gives the same string again.
#include <cstdint>
#include <cstdlib>

#include "wire/json/json.hpp"

using namespace belfry;

namespace {

void expect(bool condition) {
  if (!condition) std::abort();
}

std::string text_of(json::Slice slice) {
  const auto text = json::string_value(slice);
  expect(text.has_value());
  return text.value_or("");
}

void check(json::Slice slice, std::string_view whole) {
  expect(slice.raw.data() >= whole.data() && slice.raw.data() + slice.raw.size() <= whole.data() + whole.size());
  if (slice.kind == json::Kind::string) {
    std::string quoted;
    json::append_quoted(quoted, text_of(slice));
    json::Reader reader;
    const auto again = reader.validate(quoted);
    expect(again && text_of(*again) == text_of(slice));
  } else if (slice.kind == json::Kind::array) {
    std::vector<json::Slice> elements, looked_for;
    expect(json::elements(slice, elements) == json::elements({slice.kind, slice.raw}, looked_for));
    expect(elements.size() == looked_for.size());
    for (std::size_t i = 0; i < elements.size(); ++i) {
      expect(elements[i].raw.data() == looked_for[i].raw.data() && elements[i].raw.size() == looked_for[i].raw.size());
      check(elements[i], slice.raw);
    }
  } else if (slice.kind == json::Kind::object) {
    std::vector<std::pair<json::Slice, json::Slice>> members;
    static_cast<void>(json::entries(slice, members, slice.raw.size()));
    for (const auto& [key, value] : members) {
      check(key, slice.raw);
      check(value, slice.raw);
      expect(json::member(slice, text_of(key)).has_value());
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static json::Reader reader;
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (const auto slice = reader.validate(text)) check(*slice, text);
  std::string quoted;
  json::append_quoted(quoted, text);
  expect(reader.validate(quoted).has_value());
  return 0;
}
