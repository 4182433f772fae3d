// The first byte of each MessagePack value, by the names of the specification's section "Formats", "Overview"
// (github.com/msgpack/msgpack/blob/master/spec.md). The three or four sizes of a kind follow each other: kStr8 + 1 is str 16.
// Private to wire/socketio.
#pragma once

#include <cstdint>

namespace belfry::socketio::msgpack {

// MessagePack spec, "Formats": in a "fix" format the low bits are the value, or say how many elements or bytes follow; a byte
// below kPositiveFixIntEnd is the value itself.
constexpr std::uint8_t kFixMap = 0x80;
constexpr std::uint8_t kFixArray = 0x90;
constexpr std::uint8_t kFixStr = 0xA0;
constexpr std::uint8_t kNegativeFixInt = 0xE0;
constexpr std::uint8_t kFixMapBits = 0x0F;
constexpr std::uint8_t kFixArrayBits = 0x0F;
constexpr std::uint8_t kFixStrBits = 0x1F;
constexpr std::uint8_t kPositiveFixIntEnd = 0x80;

// MessagePack spec, "Formats", "Overview": the formats whose value, length or count follows the first byte, and the constants.
constexpr std::uint8_t kNil = 0xC0;
constexpr std::uint8_t kFalse = 0xC2;
constexpr std::uint8_t kTrue = 0xC3;
constexpr std::uint8_t kBin8 = 0xC4;
constexpr std::uint8_t kBin16 = 0xC5;
constexpr std::uint8_t kBin32 = 0xC6;
constexpr std::uint8_t kFloat32 = 0xCA;
constexpr std::uint8_t kFloat64 = 0xCB;
constexpr std::uint8_t kUint8 = 0xCC;
constexpr std::uint8_t kUint16 = 0xCD;
constexpr std::uint8_t kUint32 = 0xCE;
constexpr std::uint8_t kUint64 = 0xCF;
constexpr std::uint8_t kInt8 = 0xD0;
constexpr std::uint8_t kInt64 = 0xD3;
constexpr std::uint8_t kFixExt8 = 0xD7;
constexpr std::uint8_t kStr8 = 0xD9;
constexpr std::uint8_t kStr16 = 0xDA;
constexpr std::uint8_t kStr32 = 0xDB;
constexpr std::uint8_t kArray16 = 0xDC;
constexpr std::uint8_t kArray32 = 0xDD;
constexpr std::uint8_t kMap16 = 0xDE;
constexpr std::uint8_t kMap32 = 0xDF;

}  // namespace belfry::socketio::msgpack
