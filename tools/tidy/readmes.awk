# A README.md that names folders names all that are libraries. First input: all CMakeLists.txt of server/, one path a line.
#   awk -f readmes.awk <list of CMakeLists.txt> <README.md>...

function above(path) { return sub(/\/[^\/]*$/, "", path) ? path : "" }
function last_of(path) { sub(/.*\//, "", path); return path }

FILENAME == ARGV[1] { below[above(above($0))] = below[above(above($0))] " " last_of(above($0)); next }

{ text[FILENAME] = text[FILENAME] $0 }

END {
  for (readme in text) {
    missing = ""; named = 0
    n = split(below[above(readme)], folders, " ")
    for (i = 1; i <= n; i++)
      if (text[readme] ~ "`" folders[i] "/?`") named++
      else missing = missing " " folders[i]
    if (named > 0 && missing != "") { print readme ":1: names folders, but not" missing; found = 1 }
  }
  exit found
}
