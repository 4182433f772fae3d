# Checks that each cited row and section of the specification exists in docs/spec, once. Rows are cited by id (R-003-12, T-08,
# K12), sections as "SPEC 2.6" or "SPEC section 0", readings also without "SPEC" (2.8.12).

function wrong(where, why) { printf "%s: %s\n", where, why; found = 1 }
function here() { return FILENAME ":" FNR }

function define(id) {
  if (id in defined) wrong(here(), id " stands in the specification twice, first at " defined[id])
  else defined[id] = here()
}

function cite(id) {
  cited[++citations] = id
  cited_at[citations] = here()
}

# All matches of `pattern` in `text` that are not part of a longer word or number.
function cite_all(text, pattern,   before, after) {
  before = " "
  while (match(text, pattern)) {
    if (RSTART > 1) before = substr(text, RSTART - 1, 1)
    after = substr(text, RSTART + RLENGTH, 1)
    if (before !~ /[A-Za-z0-9_.-]/ && after !~ /[A-Za-z0-9_-]/) cite(substr(text, RSTART, RLENGTH))
    before = substr(text, RSTART + RLENGTH - 1, 1)
    text = substr(text, RSTART + RLENGTH)
  }
}

# "SPEC 0, 2.8.6 and 2.4": a list of sections.
function cite_sections(text, lead) {
  while (match(text, lead)) {
    text = substr(text, RSTART + RLENGTH)
    while (match(text, /^(, | and )?[0-9]+(\.[0-9]+)*/)) {
      number = substr(text, 1, RLENGTH)
      text = substr(text, RLENGTH + 1)
      sub(/^[^0-9]+/, "", number)
      if (number !~ /^2\.8\./) cite(number)  # those are found bare
    }
  }
}

BEGIN {
  id = "[RW]-[0-9][0-9][0-9]-[0-9]+|W-[0-9]+|QA-[0-9]+|[CITX]-[0-9]+|J-[0-9]+(\\.[0-9]+)?|[KS][0-9]+"
  reading = "2\\.8\\.[0-9]+"
}

FILENAME ~ /^docs\/spec\// {
  if (match($0, /^#+ [0-9]+(\.[0-9]+)*/)) {
    number = substr($0, 1, RLENGTH)
    sub(/^#+ /, "", number)
    define(number)
  }
  if (match($0, /\(J-[0-9]+\)$/) && /^#/) define(substr($0, RSTART + 1, RLENGTH - 2))
  if (match($0, "^[|] (" id ") [|]")) define(substr($0, 3, RLENGTH - 4))
  if (match($0, "^- [*][*](" id "|" reading ")[*][*]")) define(substr($0, 5, RLENGTH - 6))
  cite_sections($0, "[Ss]ections? ")
}

{
  cite_all($0, id)
  cite_all($0, reading)
  if (match($0, /(^|[^A-Za-z_])SPEC[^A-Za-z_]/) && substr($0, RSTART) !~ ("SPEC (section )?([0-9]|" id ")")) wrong(here(), "SPEC wants a row or a section behind it")
  cite_sections($0, "SPEC (section )?")
}

END {
  for (i = 1; i <= citations; ++i)
    if (!(cited[i] in defined)) wrong(cited_at[i], cited[i] " does not stand in docs/spec")
  exit found
}
