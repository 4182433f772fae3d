#include "gateway/json/notice_words.hpp"

namespace belfry::gateway {

std::string_view word_of(calls::Progress::State state) {
  switch (state) {
    case calls::Progress::State::created:
      return "created";
    case calls::Progress::State::pushed:
      return "pushed";
    case calls::Progress::State::woken:
      return "woken";
    case calls::Progress::State::ringing:
      break;
  }
  return "ringing";
}

std::string_view word_of(calls::PeerState::State state) {
  switch (state) {
    case calls::PeerState::State::reconnecting:
      return "reconnecting";
    case calls::PeerState::State::reconnected:
      return "reconnected";
    case calls::PeerState::State::joined:
      return "joined";
    case calls::PeerState::State::left:
      break;
  }
  return "left";
}

}  // namespace belfry::gateway
