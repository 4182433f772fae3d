# A README.md of server/ and the opening comment of a header name only sources that exist. First input: all sources, one path a line.
# A name counts from the folder of the text, the folder above it, one folder below it, server/ or the root.
# In a README a word in backticks is the stem of a source or a folder; a function has "()" behind it, and what is shorter than four
# letters is something else, such as a member of an event.
#   awk -f files.awk <list of sources> <README.md and *.hpp>...

function wrong(why) { printf "%s:%d: %s\n", FILENAME, FNR, why; found = 1 }

function above(path) { return sub(/\/[^\/]*$/, "", path) ? path : "" }

function exists(name,   from) {
  from = folder
  if (name ~ /^\.\.\//) {
    while (sub(/^\.\.\//, "", name)) from = above(from)
    return (from "/" name) in sources
  }
  return (folder "/" name) in sources || (above(folder) "/" name) in sources || ("server/" name) in sources || name in sources ||
         (folder "/*/" name) in sources
}

function exists_stem(stem) { return exists(stem ".cpp") || exists(stem ".hpp") || exists(stem) }

function add(path,   name) {
  name = path; sub(/.*\//, "", name)
  sources[path]
  sources[above(above(path)) "/*/" name]
}

FILENAME == ARGV[1] {
  for (path = $0; path ~ /\//; path = above(path)) add(path)
  next
}

FNR == 1 { folder = above(FILENAME); over = 0 }
FILENAME ~ /\.hpp$/ && !/^\/\// { over = 1 }
over { next }

{
  rest = $0
  while (match(rest, /[A-Za-z0-9_.*\/-]+\.[hc]pp/)) {
    named = substr(rest, RSTART, RLENGTH)
    rest = substr(rest, RSTART + RLENGTH)
    if (named !~ /\*/ && !exists(named)) wrong(named " does not exist")
  }
}

FILENAME ~ /\.md$/ {
  for (i = split($0, quoted, "`"); i > 1; --i)
    if (i % 2 == 0 && quoted[i] ~ /^[a-z][a-z0-9_]*$/ && length(quoted[i]) > 3 && !exists_stem(quoted[i]))
      wrong("no source or folder is called " quoted[i] "; a function is " quoted[i] "()")
}

END { exit found }
