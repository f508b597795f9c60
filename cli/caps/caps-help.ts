const WORDS = `REC is a recording, also of a machine that runs. @MOMENT is @ and the seq of an event, @start, @end or @-5 (default: @end).
An OBJECT is a guest's path (/text.txt, file:/text.txt, directory:/, inode:7), console:output, pipe:1, process:2, endpoint:3 and so on,
or a capability by its id, as '#345' or capability:345: that is the seq of the event that made it. Shown, it has its object and generation
with it: endpoint:3/120#345 is a capability made by event 345, of the endpoint that event 120 made. A PID is also process:1 or a name.
`;

const WHO = `foldos caps who REC OBJECT [@MOMENT] [--all] [--json]

Says who holds an object: each capability to it, where it lies (a slot of a process, a table, a box, a message on its way), its
rights and terms, and how it came to be. Of a file also whose directories lead to it, and with which rights it can be opened then; of
a process also who may answer its call. Of a capability: that one, and all that was made of it.

  --all    all of them, not the first 200
  --json   JSON Lines: a capability each
${WORDS}`;

const LIST = `foldos caps list REC PID [@MOMENT] [--json]

Says all that a process holds: its slots with their rights, what was taken back and by whom, the clocks, timers and random
numbers that it may use, and what it has sent and nobody has received yet.

  --json   JSON Lines: a capability each
${WORDS}`;

const TREE = `foldos caps tree REC [OBJECT] [@MOMENT] [--all] [--json]

Draws what was made of what: below each capability hang those that a revocation of it takes. Of all that is held, of an object with what
its capabilities hang below, or below a capability. Deep and wide trees are cut, and say so.

  --all    all of it
  --json   JSON Lines: a capability each, with its depth
${WORDS}`;

const GRAPH = `foldos caps graph REC [@MOMENT] [--dot | --json]

Writes who, or what, holds what as a graph: in the language of Graphviz (--dot, or nothing), or as JSON with nodes and edges.
Processes that can come to share whatever any of them holds are of one domain of trust, and stand in one box.
${WORDS}`;

const DIFF = `foldos caps diff REC A B [--json]
foldos caps diff REC@A REC2@B [--json]

Says what authority was lost (-) and gained (+) between two moments of a recording, or of two: by who holds it and to what, wherever
in a table it lies. Objects of two recordings are compared by their names. Of one recording the earlier moment always comes first, and
it warns (!) of each grant by which domains of trust became one: their processes can come to share whatever any of them holds, and no
policy holds them apart any more.

  --json   JSON Lines: a change each
${WORDS}`;

const UNUSED = `foldos caps unused REC PID [A..B] [--machine | --flags | --prove] [--all] [--json]

Says what a process held in a stretch of the log (default: all of it) and never used: for each capability the rights that it exercised,
those that it may have (the log does not tell), and those that it surely did not. Without these no event of the stretch would be another.

  --machine   the machine file with that process narrowed to what it used
  --prove     runs the recording again with what --machine writes, and with all that came from outside as it was, and compares what its
              programs are answered, but for what they ask of their own directories; exit code 1 if anything is another
  --seconds N gives that so long (default 60)
  --flags     the options of \`foldos run\` that grant only that
  --all       capabilities that the process opened itself, too
  --json      JSON Lines: a capability each
${WORDS}`;

const POLICY = `foldos caps policy REC FILE [--json]

Checks the rules of a file (docs/policies.md) over all of a recording. Exit code 0 if all hold, 1 if not, with the events that broke
them; 2 if the file is no policy. Ctrl-C ends it.

  --json   JSON Lines: a violation each
`;

const COULD = `foldos caps could REC PID RIGHT OBJECT [@MOMENT] [--json]

Says whether a process could ever come to a right on an object, by what all processes hold at that moment: yes with the shortest chain
of steps, each checked again before it is printed, or no with what keeps it from that. A no holds whatever all of them do; a yes says
that those who act in it could, if they would. Rights are those of \`foldos caps list\`.

  foldos caps could REC 2 fd_write /sysx/bill
  foldos caps could REC 3 receive endpoint:1 @400
`;

const WHY = `foldos caps why REC SEQ [--json]

Says by which capability an event could happen, what that was made of, grant by grant, up to what the machine granted at boot. Before it
is printed it is verified, step by step, by a checker that shares no code with the kernel. Exit code 3 if it cannot be.

  --json   the chain as one object
${WORDS}`;

const DEPUTIES = `foldos caps deputies REC [--files] [--shortest N] [--json]

Tells the effects on what another process had named, in a message or through a pipe, by authority that did not come from it: confused
deputies. Exit code 1 if there are any.

  --files        also names that were read from files
  --shortest N   bytes of a name that counts (default 3)
  --json         JSON Lines: an effect each
`;

const WHAT_IF = `foldos caps what-if REC revoke CAP [@MOMENT] [--seconds N] [--most N] [--json]

Says what would have been different, had a capability been revoked then: guests run again up to there and live on without it, in memory
alone, beside what was recorded. CAP is a capability's id, as '#57' or 57.

  --seconds N   at most so long (default 60)
  --most N      effects that are told (default 100)
  --json        all of it as one object
${WORDS}`;

const REHEARSE = `foldos caps rehearse REC revoke CAP [@MOMENT] [--uses N] [--json]

Says who would lose what if a capability were revoked now, for what each used it last, and who waits for it; also of a run that still goes.

  --uses N   uses that are told of each (default 3)
  --json     all of it as one object
${WORDS}`;

const AUDIT = `foldos caps audit --dry-run [--offer DIR[::GUEST]] [--seconds N] [--json] MACHINE.json | PROGRAM.wasm [ARGS...]

Runs a machine or a program with all services and with copies of directories, in which it may do anything, and says what it needed of
them, as options and as a machine file. What it prints itself is thrown away, and so is what it wrote. It is stopped when its seconds
are over, or as soon as nothing can happen any more because all wait for each other.

  --offer DIR   a directory that it may have a copy of
  --seconds N   stops it then (default 60)
  --json        all of it as one object
`;

const OVERVIEW = `foldos caps COMMAND REC ...: who may do what, at any moment of a recording, and how it came to be

  foldos caps who REC OBJECT [@MOMENT]      who holds an object, and how each came to it
  foldos caps list REC PID [@MOMENT]        all that a process holds
  foldos caps tree REC [OBJECT] [@MOMENT]   what was made of what
  foldos caps graph REC [@MOMENT] --dot     who holds what, for Graphviz
  foldos caps diff REC A B                  authority gained and lost between two moments
  foldos caps unused REC PID [A..B]         what a process held and never used
  foldos caps could REC PID RIGHT OBJECT    whether it could ever come to that, and how
  foldos caps policy REC FILE               whether rules hold over all of a recording
  foldos caps why REC SEQ                   by which capability an event could happen, and whence that came
  foldos caps deputies REC                  effects on what another process named, by authority that it did not give
  foldos caps what-if REC revoke CAP        what would have been different without a capability
  foldos caps rehearse REC revoke CAP       who would lose what now
  foldos caps audit --dry-run MACHINE       what a machine or a program needs

All take --json. \`foldos caps COMMAND --help\` says more.
${WORDS}`;

const texts: Readonly<Record<string, string>> = {
  who: WHO,
  list: LIST,
  tree: TREE,
  graph: GRAPH,
  diff: DIFF,
  unused: UNUSED,
  could: COULD,
  policy: POLICY,
  why: WHY,
  deputies: DEPUTIES,
  "what-if": WHAT_IF,
  rehearse: REHEARSE,
  audit: AUDIT,
};

export const capsHelp = (command: string | undefined): string =>
  command !== undefined && Object.hasOwn(texts, command) ? (texts[command] as string) : OVERVIEW;
