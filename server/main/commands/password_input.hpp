// Reads a password from standard input, without echo on a terminal. A password among the arguments would be visible in `ps` and
// in the shell's history.
#pragma once

#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <string>

namespace belfry {

[[nodiscard]] inline bool can_ask_for_password() { return isatty(STDIN_FILENO) == 1; }

/// Reads one line; empty if there is none.
[[nodiscard]] inline std::string read_password() {
  termios before{};
  const bool terminal = can_ask_for_password() && tcgetattr(STDIN_FILENO, &before) == 0;
  if (terminal) {
    termios unseen = before;
    unseen.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen);
    std::fputs("Password: ", stderr);
  }
  std::string line;
  std::getline(std::cin, line);
  if (line.ends_with('\r')) line.pop_back();
  if (terminal) {
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    std::fputs("\n", stderr);
  }
  return line;
}

}  // namespace belfry
