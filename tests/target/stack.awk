# SPDX-License-Identifier: Apache-2.0
# Worst stack over the static call graph: reads tests/target/calls, then the .ci files of gcc -fcallgraph-info=su. Fails where
# the sum would not be sound: a recursion, a frame of unknown size, a call through a pointer that `calls` does not
# explain, a function that nothing calls.
function bad(text) { printf "%s\n", text; failed = 1 }
function field(name,    at, rest) { # the quoted text after `name: `
    at = index($0, name ": \"")
    if (at == 0) return ""
    rest = substr($0, at + length(name) + 3)
    return substr(rest, 1, index(rest, "\"") - 1)
}
function short(title) { sub(/^.*:/, "", title); return title }
function matches(title, pattern) {
    gsub(/\*/, "[A-Za-z0-9_.]*", pattern)
    return short(title) ~ ("^" pattern "(\\.[a-z0-9.]+)*$")
}
function source_at(place,    part, line, n, at) { # FILE:LINE:COLUMN: the text from there on
    split(place, part, ":")
    n = 0
    while ((getline line < part[1]) > 0) if (++n == part[2]) at = line
    close(part[1])
    return substr(at, part[3])
}
function edge(from, to) { if (!((from, to) in known)) { known[from, to] = 1; out[from, ++outs[from]] = to } }
function indirect(from, place,    text, i, j, t, found) {
    text = source_at(place)
    for (i = 1; i <= ports; i++) if (index(text, port[i]) == 1) { edge(from, "(port)"); return }
    for (i = 1; i <= calls; i++) {
        if (index(text, through[i]) != 1) continue
        for (t in frame) for (j = 1; j <= aims[i]; j++) if (matches(t, aim[i, j])) { edge(from, t); found = 1 }
        if (found) return
    }
    bad(place ": " short(from) " calls through a pointer; say in tests/target/calls what it may reach: " text)
}
# Deepest stack from `title` on; deepest[] keeps it, via[] the callee that it goes through.
function depth(title,    i, to, d, most, through_) {
    if (title in deepest) return deepest[title]
    if (title in under_way) { bad("recursion through " short(title)); return 0 }
    if (!(title in frame)) {
        if (title in library) return deepest[title] = library[title]
        if (title != "(port)") bad("the stack of " title " is not known: name it in tests/target/calls")
        return deepest[title] = 0
    }
    under_way[title] = 1
    reached[title] = 1
    most = 0
    for (i = 1; i <= outs[title]; i++) {
        to = out[title, i]
        d = depth(to)
        if (d > most) { most = d; through_ = to }
    }
    delete under_way[title]
    via[title] = through_
    return deepest[title] = frame[title] + most
}
# The same for the deepest call of the port; -1 where none is reached.
function to_port(title,    i, d, most) {
    if (title == "(port)") return 0
    if (!(title in frame)) return -1
    if (title in port_depth) return port_depth[title]
    most = port_depth[title] = -1
    for (i = 1; i <= outs[title]; i++) { d = to_port(out[title, i]); if (d > most) most = d }
    return port_depth[title] = most < 0 ? -1 : frame[title] + most
}
FNR == 1 { in_calls = FILENAME ~ /calls$/ }
in_calls && /^root / { for (i = 2; i <= NF; i++) root[++roots] = $i }
in_calls && /^port / { port[++ports] = $2 }
in_calls && /^call / { through[++calls] = $2; aims[calls] = NF - 2; for (i = 3; i <= NF; i++) aim[calls, i - 2] = $i }
in_calls && /^library / { library[$2] = $3 }
!in_calls && /^node:/ && /bytes \(/ {
    label = field("label")
    match(label, /[0-9]+ bytes \([a-z,]+\)/)
    size = substr(label, RSTART, RLENGTH)
    frame[field("title")] = size + 0
    if (size ~ /dynamic/) bad(short(field("title")) ": its frame grows at run time")
}
!in_calls && /^edge:/ { from_[++edges] = field("sourcename"); to_[edges] = field("targetname"); at_[edges] = field("label") }
END {
    for (i = 1; i <= edges; i++) if (to_[i] == "__indirect_call") indirect(from_[i], at_[i]); else edge(from_[i], to_[i])
    print "Worst stack, bytes (callees included; what a callback of the port takes comes on top):"
    for (i = 1; i <= roots; i++) {
        name = ""
        for (t in frame) if (substr("/" t, length(t) - length(root[i]) + 1) == "/" root[i]) name = t
        if (name == "") { bad("no function " root[i] ": see tests/target/calls"); continue }
        path = sprintf("%s %d", short(name), frame[name])
        all = depth(name)
        for (t = via[name]; t != ""; t = via[t]) path = path " > " short(t) " " (t in frame ? frame[t] : deepest[t])
        printf "  %5d  %-13s at a callback %4d; deepest: %s\n", all, short(name), to_port(name) < 0 ? 0 : to_port(name), path
    }
    for (t in frame) if (!(t in reached)) unreached[t] = 1
    for (t in unreached) { bad("nothing calls " short(t) ": if a table holds it, say so in tests/target/calls"); depth(t) }
    exit failed
}
