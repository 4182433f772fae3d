// Params: what is bound to a statement. Composite: one element of an array parameter, such as a transition of a batch.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/postgres/binary.hpp"

namespace belfry::postgres {

class Params {
 public:
  template <class T>
  Params& add(const T& value) {
    begin(Column<T>::kType);
    Column<T>::put(values_.back().bytes, value);
    return *this;
  }
  template <class T>
  Params& add(const std::optional<T>& value) {
    if (value) return add(*value);
    begin(Column<T>::kType);
    values_.back().null = true;
    return *this;
  }
  /// Already encoded, e.g. by ArrayOf.
  Params& add_encoded(TypeId type, std::string bytes) {
    begin(type);
    values_.back().bytes = std::move(bytes);
    return *this;
  }

  struct Value {
    TypeId type = 0;
    bool null = false;
    std::string bytes{};
  };
  [[nodiscard]] const std::vector<Value>& values() const { return values_; }

 private:
  void begin(TypeId type) { values_.push_back({.type = type}); }
  std::vector<Value> values_;
};

/// record_send's form: the number of fields, then type, length and bytes of each.
class Composite {
 public:
  template <class T>
  Composite& add(const T& value) {
    const auto length_at = begin(Column<T>::kType);
    Column<T>::put(fields_, value);
    const auto length = static_cast<std::int32_t>(fields_.size() - length_at - 4);
    std::string digits;
    put_number(digits, length);
    fields_.replace(length_at, 4, digits);
    return *this;
  }
  template <class T>
  Composite& add(const std::optional<T>& value) {
    if (value) return add(*value);
    begin(Column<T>::kType);  // length -1 stands for NULL
    return *this;
  }
  void put(std::string& out) const {
    put_number(out, count_);
    out += fields_;
  }

 private:
  std::size_t begin(TypeId type) {
    ++count_;
    put_number(fields_, type);
    const auto length_at = fields_.size();
    put_number(fields_, std::int32_t{-1});
    return length_at;
  }
  std::int32_t count_ = 0;
  std::string fields_;
};

/// array_send's form, one dimension, no NULLs.
[[nodiscard]] std::string array_of(TypeId element, const std::vector<Composite>& elements);

template <class T>
[[nodiscard]] std::string array_of_values(const std::vector<T>& elements) {
  std::string out;
  for (const std::int32_t header :
       {1, 0, static_cast<std::int32_t>(Column<T>::kType), static_cast<std::int32_t>(elements.size()), 1})
    put_number(out, header);
  for (const auto& element : elements) {
    std::string bytes;
    Column<T>::put(bytes, element);
    put_number(out, static_cast<std::int32_t>(bytes.size()));
    out += bytes;
  }
  return out;
}

}  // namespace belfry::postgres
