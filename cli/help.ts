const RUN = `foldos run [options] PROGRAM.wasm [ARGS...]

Runs a WASI preview 1 program, with only what is granted here, and records all that happens.
The exit code is the program's own; a trap is 134.

  --dir HOST[::GUEST][:ro|:copy]  grant a directory; read-only, or with changes that stay in the machine
  --env K=V, --env K              grant an environment variable; the second form takes foldos's own value
  --record PATH                   where the recording goes (default: a new one in .foldos/)
  --no-record                     keep no recording
  --keep N                        recordings kept in .foldos/ (default 20)
  --seed N                        random numbers follow from N
  --clock host|virtual            virtual: time moves only when looked at, and sleeping costs nothing
  --max-memory SIZE               the most memory the program may have, as 64M or 1G (default 4G)
  --durability group|event|none   what a power cut may take: events of the last milliseconds, none, or any (default group)
  --keyframe-events N             events between keyframes
`;

const OVERVIEW = `foldos: run WebAssembly programs, record all that happens, replay it exactly

  foldos run [options] PROGRAM.wasm [ARGS...]   run a program and record it
  foldos resume REC                             go on where the power was cut
  foldos replay REC [--fold-only] [--json]      run it again and compare every step
  foldos log REC [filters] [--follow] [--json]  what happened, a line an event
  foldos show REC [MOMENT] [PATH] [--json]      the state at a moment, or a part of it
  foldos cat REC MOMENT FILE                    a file's contents as of then
  foldos diff REC A B [--json]                  what changed between two moments
  foldos info REC [--json]                      what a recording is
  foldos step REC                               go forward and back, event by event
  foldos export REC FILE, foldos import FILE REC  a recording as one file
  foldos help COMMAND                           more about a command

A recording is a directory; \`last\` is the newest in .foldos/. A moment is the seq of an event.
Exit codes: the program's own for run and resume; else 0 done, 1 a check failed, 2 usage, 3 divergence or damage, 4 a bug of ours.
`;

export const helpFor = (command: string | undefined): string => (command === "run" ? RUN : OVERVIEW);
