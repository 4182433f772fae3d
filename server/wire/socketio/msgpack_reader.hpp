// MessagePack (msgpack.org specification) turned into JSON text, value by value. Binary values become attachments and leave
// a placeholder. Every length is checked against what is left, so memory stays within a small multiple of the input.
// Private to wire/socketio.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire/socketio/packet.hpp"

namespace belfry::socketio {

class MsgpackReader {
 public:
  MsgpackReader(std::string_view input, std::size_t max_attachments) : rest_(input), max_attachments_(max_attachments) {}

  /// How many entries the map at this place has; nullopt: there is no map.
  std::optional<std::size_t> map_size();
  std::optional<std::string_view> string();
  std::optional<std::uint64_t> unsigned_integer();
  /// Appends the value at this place as JSON. False: malformed, too deep, or something JSON has no word for.
  bool value_as_json(std::string& json, std::size_t depth = 0);
  /// Steps over a JavaScript `undefined`, if one is here.
  bool skip_undefined();
  /// Steps over any value, which leaves no attachments.
  bool skip_value();
  /// Why the last call failed.
  [[nodiscard]] DecodeError error() const { return error_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] std::vector<std::string>& attachments() { return attachments_; }

 private:
  std::optional<std::uint8_t> byte();
  std::optional<std::uint64_t> big_endian(std::size_t bytes);
  std::optional<std::string_view> take(std::size_t bytes);
  bool array_as_json(std::string& json, std::size_t size, std::size_t depth);
  bool map_as_json(std::string& json, std::size_t size, std::size_t depth);
  bool binary_as_json(std::string& json, std::size_t size);
  bool string_as_json(std::string& json, std::optional<std::string_view> text);
  bool sized_as_json(std::string& json, std::uint8_t marker, std::size_t depth);
  bool number_as_json(std::string& json, std::uint8_t marker);
  bool date_as_json(std::string& json);
  bool refuse(DecodeError error);

  std::string_view rest_;
  std::size_t max_attachments_;
  DecodeError error_ = DecodeError::data_not_fitting_type;
  std::vector<std::string> attachments_;
};

}  // namespace belfry::socketio
