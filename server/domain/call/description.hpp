// Description: an offer or an answer as raw JSON. It takes some kilobytes and is passed through many objects, so all copies share
// one text: copying a Description copies a pointer. An empty one means that there is none.
//
// Clients of seed 003 send more than an object: the bare SDP as a JSON string, and beside it the candidates that they have
// gathered by then. Both belong to the description wherever it goes, also into the store, which keeps one text of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace belfry::call {

class Description {
 public:
  Description() = default;
  /// Copies `json`, once; from here to the store and the peers all share this copy.
  explicit Description(std::string_view json) : size_(json.size()), json_size_(json.size()) {
    if (json.empty()) return;
    auto text = std::make_shared_for_overwrite<char[]>(json.size());
    std::memcpy(text.get(), json.data(), json.size());
    text_ = std::move(text);
  }
  /// As a client of seed 003 may send it. `candidates`: a raw JSON array, or empty if it sent none.
  [[nodiscard]] static Description with_candidates(std::string_view json, std::string_view candidates);
  [[nodiscard]] static Description of_stored(std::string_view stored);

  /// The JSON value that was sent.
  [[nodiscard]] std::string_view text() const { return stored().substr(json_at_, json_size_); }
  /// Raw JSON array; empty: none were sent, which is not the same as an array of none.
  [[nodiscard]] std::string_view candidates() const;
  /// Sent as an SDP string by a client of seed 003. A string of a native or REST client is passed on as it is.
  [[nodiscard]] bool is_bare_sdp() const { return json_at_ != 0 && text().front() == '"'; }
  /// All of it in one text of JSON. That of an object alone is the object.
  [[nodiscard]] std::string_view stored() const { return {text_.get(), size_}; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  friend bool operator==(const Description& one, const Description& other) { return one.stored() == other.stored(); }

 private:
  std::shared_ptr<const char[]> text_;
  std::size_t size_ = 0;
  std::size_t json_at_ = 0, json_size_ = 0;
};

}  // namespace belfry::call
