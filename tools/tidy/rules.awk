# One rule per block. A rule names the folders that it applies to. Comments are ignored, except for TODO.

function wrong(why) { printf "%s:%d: %s\n", FILENAME, FNR, why; found = 1 }

# The folder that owns a file: server/wire/http/head.cpp -> wire/http; for layers without subfolders only the layer.
function folder_of(path,   parts, n) {
  n = split(path, parts, "/")
  if (parts[1] == "server") { path = substr(path, 8); n = split(path, parts, "/") }
  if (parts[1] ~ /^(domain|wire|app|gateway|adapters)$/ && n > 2) return parts[1] "/" parts[2]
  return parts[1]
}

# A section of a standard, the name of the protocol that documents itself without numbers, or a sentence.
function is_reason(text) {
  return text ~ /RFC [0-9]+ (appendix )?[0-9A-Z]/ || text ~ /(Engine|Socket)\.IO|(engine|socket)\.io/ || length(text) >= 40
}

# Does .clang-tidy enable this check? An entry of it may end in `*`.
function is_enabled(check,   i, entry) {
  for (i in enabled) {
    entry = enabled[i]
    if (sub(/\*$/, "", entry) ? index(check, entry) == 1 : check == entry) return 1
  }
  return 0
}

# The checks that a NOLINT names: what it silences must be able to speak. Without a name it would silence all of them.
function check_nolint(text,   names, n, i) {
  sub(/.*NOLINT(NEXTLINE|BEGIN|END)?/, "", text)
  if (text !~ /^\([^)]/) return wrong("a NOLINT names its check")
  sub(/^\(/, "", text); sub(/\).*/, "", text)
  n = split(text, names, / *, */)
  for (i = 1; i <= n; i++) if (!is_enabled(names[i])) wrong(names[i] " is not enabled in .clang-tidy: no NOLINT is needed")
}

BEGIN {
  split(checks, enabled, " ")

  # docs/style.md, "Who may include whom". A folder may always include itself.
  may["base"] = ""
  may["domain"] = "base domain"
  may["wire"] = "base wire"
  may["protocol"] = "base wire"
  may["store"] = "base domain"
  may["app"] = "base domain store app wire"
  may["adapters"] = "base wire domain store"
  may["adapters/metrics"] = "base gateway"   # renders gateway's plain numbers
  may["gateway"] = "base domain store app protocol wire gateway"
  may["net"] = "base wire protocol"

  dialects = "^gateway/(chat|native|signaling|token)$"

  # Libraries that only these folders may include. They are installed in the system's folders, so no DEPS of CMake keep them out.
  only["simdjson.h"] = "^wire/(json|websocket|engineio|socketio)$"
  only["spdlog"] = "^adapters/logging$"
  only["prometheus"] = "^adapters/metrics$"
  only["CLI"] = "^main$"
  only["toml++"] = "^main$"
  only["zlib.h"] = "^wire/(agora|media|websocket)$"
  only["curl"] = "^adapters/(blobs|jwks|push|twilio)$"
  only["vips"] = "^adapters/images$"
  only["hiredis"] = "^adapters/redis$"
  only["libpq-fe.h"] = "^adapters/postgres$"
  only["sodium.h"] = "^adapters/passwords$"
  only["sqlite3.h"] = "^adapters/sqlite$"
}

FNR == 1 {
  folder = folder_of(FILENAME)
  layer = folder; sub(/\/.*/, "", layer)
  in_server = FILENAME ~ /^server\//
  is_test = FILENAME ~ /(_test\.cpp|_for_tests\.[ch]pp)$/ || FILENAME ~ /^tests\//
  in_wire = in_server && layer == "wire" && !is_test
  allowed = " " (folder in may ? may[folder] : may[layer]) " "
  if (FILENAME ~ /\.hpp$/ && $0 !~ /^\/\/ ./) wrong("a header opens with what it is about")
}

/TODO|FIXME/ && !/TODO.*(when|once|until|after|as soon as) / { wrong("a TODO says when it ends: \"TODO: ... when ...\"") }

/(^|[^A-Za-z])NOLINT/ { check_nolint($0) }

{ line = $0; sub(/^[ \t]*\/\/.*/, "", line); sub(/[ \t]\/\/ .*/, "", line) }

# A number of a protocol without its section cannot be checked, and a limit of ours without a reason cannot be changed.
FNR == 1 { comment = ""; comment_at = 0 }
in_wire && match($0, /(^|[ \t])\/\/+ /) {
  text = substr($0, RSTART + RLENGTH)
  comment = line == "" && comment_at == FNR - 1 && comment_alone ? comment " " text : text
  comment_at = FNR
  comment_alone = line == ""
}
in_wire && line ~ /(^|[ \t])(constexpr|const) [^(=]*[ *&]k[A-Z][A-Za-z0-9]*( =|[[({])/ {
  if (comment_at >= FNR - 3 && is_reason(comment)) comment_at = FNR  # a run of constants may share one
  else wrong("a constant of wire/ cites its section (\"RFC 6455 5.2\") or says its reason, at most three lines above")
}

line == "" { next }

in_server && line ~ /^#include "/ && layer != "main" {
  named = line; sub(/^#include "/, "", named); sub(/".*/, "", named)
  target = folder_of(named); target_layer = target; sub(/\/.*/, "", target_layer)
  # Tests use the memory store behind a port.
  if (is_test && target == "adapters/memory") next
  if (target != folder && target != "adapters/sql" && index(allowed, " " target_layer " ") == 0) wrong(folder " may not include " target)
  # The two SQL databases share adapters/sql.
  if (target_layer == "adapters" && layer == "adapters" && target != folder && target != "adapters/sql") wrong("no adapter sees another")
  if (folder ~ dialects && target ~ dialects && target != folder) wrong("no dialect sees another")
}

in_server && line ~ /^#include </ {
  named = line; sub(/^#include </, "", named); sub(/[\/>].*/, "", named)
  if ((named in only) && folder !~ only[named]) wrong(named " stays inside " only[named])
}

in_server && layer != "net" && line ~ /(_clock|Clock)::now\(|clock_gettime|gettimeofday|[^a-z_]time\((nullptr|NULL|0)\)/ {
  wrong("only net/ reads a clock; take the time as an argument")
}

layer ~ /^(domain|wire|protocol)$/ && in_server && !is_test && line ~ /asio|random_device|std::(mutex|thread|atomic|jthread)/ {
  wrong("no I/O, chance or threads here")
}

# Without ThreadSanitizer nobody finds the races of a thread. PostgreSQL's adapter is left out, as scripts/test says.
in_server && layer == "adapters" && !is_test && folder != "adapters/postgres" && line ~ /^#include (<thread>|"base\/work_queue\.hpp")/ {
  library = folder; sub(/\//, "_", library)
  if (threaded == "" || library !~ threaded) wrong(library " has threads: name it among `threaded` in scripts/test (ThreadSanitizer)")
}

in_server && layer != "base" && line ~ /std::(shared_|recursive_|timed_)?mutex|pthread_mutex/ { wrong("locks live in base/: use Guarded") }

in_server && layer != "main" && FILENAME != "server/base/check.cpp" && line ~ /std::c(out|err|log)|(^|[^a-z_])(f?printf|puts)\(/ {
  wrong("a leftover print? write to the log")
}

# docs/style.md, "Errors". A function whose result is what went wrong, and nothing on success.
in_server && !is_test && line ~ /optional<[A-Za-z_:]*(Refus(al|ed)|Rejection|Fault|Flaw|Fail(ure|ed)|Error|BadPayload|Unavailable)> [A-Za-z_:]+\(/ {
  wrong("what can fail and returns nothing is Expected<void, E>")
}

is_test && line ~ /(^|[^a-z_])u?sleep\(|sleep_(for|until)\(|nanosleep\(|(^|[^a-z_])p?poll\((nullptr|NULL|0),/ { wrong("tests do not sleep; move the clock or wait for what you wait for") }

# A timer that is kept is a deadline, which is cleared when what was awaited comes. Every other one is a sleep: those with a reason
# stand together in wait.mjs. One of 0 ms lets the browser paint, and a page may be robbed of its timers.
is_test && FILENAME ~ /\.mjs$/ && FILENAME != "tests/e2e/harness/wait.mjs" && \
    ((line ~ /setTimeout/ && line !~ /= setTimeout\(|\.setTimeout = |setTimeout\([^,]*, 0\)/) || line ~ /timers\/promises|Atomics\.wait|waitForTimeout/) {
  wrong("tests do not sleep; wait for an event or a condition (tests/e2e/harness/wait.mjs)")
}

END { exit found }
