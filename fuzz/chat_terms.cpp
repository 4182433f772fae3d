// Whatever is sent as text or asked for: a message that may be stored is found by its own terms, which are words of the index
// (SPEC K33, K44), and a snippet is a part of the text that was cut between characters.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "domain/chat/fit.hpp"
#include "domain/chat/terms.hpp"
#include "domain/chat/text.hpp"

using namespace belfry;

namespace {

void expect(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto terms = chat::terms_in(text);
  for (const std::string& term : terms) {
    expect(!term.empty() && term.size() <= chat::kMaxTerm);
    expect(term.find_first_of(" \"'*()&|:#\n") == std::string::npos);
    expect(chat::terms_in(term) == std::vector<std::string>{term});
  }
  const auto score = chat::Fit(chat::query_terms(text)).score(text);
  expect(score && *score >= 0 && *score <= 1);
  const std::string cut = chat::Fit(terms).snippet(text);
  if (chat::check_text(text)) expect(chat::check_text(cut + ".").has_value());
  return 0;
}
