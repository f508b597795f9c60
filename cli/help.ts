import { capsHelp } from "./caps/caps-help.ts";

const RUN = `foldos run [options] PROGRAM.wasm [ARGS...]

Runs a WASI preview 1 program, with only what is granted here, and records all that happens.
The exit code is the program's own; a trap is 134.

  --dir HOST[::GUEST][:MODE]      grant a directory: \`rw\` changes go to the host (default), \`ro\` read-only, \`copy\` changes
                                  stay in the machine
  --env K=V, --env K              grant an environment variable; the second form takes foldos's own value
  --record PATH                   where the recording goes (default: a new one in .foldos/)
  --no-record                     keep no recording
  --keep N                        recordings kept in .foldos/ (default 20)
  --seed N                        random numbers follow from N
  --clock host|virtual            virtual: time moves only when looked at, and sleeping costs nothing
  --max-memory SIZE               the most memory the program may have, as 64M or 1G (default 4G)
  --max-ticks N                   end it (SIGXCPU, exit code 152) after N ticks: steps of its loops and calls, the same each time
  --quantum N                     stop it every N ticks to hear the outside, also while it computes without a call
  --image-mib N                   write it down now and then, at most N MiB a minute: resume goes on from there (64 with --quantum)
  --native-nans                   with these three: NaNs keep the bits that this kind of processor gives them, which computes faster;
                                  on another kind a replay may differ
  --durability group|event|none   what a power cut may take: events of the last milliseconds, none, or any (default group)
  --keyframe-events N             events between keyframes
`;

const BOOT = `foldos boot [options] MACHINE.json

Boots a machine of several programs, joined by pipes, with what its file grants them (docs/machine-file.md), and records all that
happens. Each has its turn until all have ended; Ctrl-C powers the machine off in order. It is said if all wait for each other.
The exit code is 0 if all ended well.

  --record PATH                   where the recording goes (default: a new one in .foldos/)
  --no-record                     keep no recording
  --keep N                        recordings kept in .foldos/ (default 20)
  --durability group|event|none   what a power cut may take: events of the last milliseconds, none, or any (default group)
  --image-mib N                   write the processes down now and then, at most N MiB a minute (default 64; 0: never)
  --native-nans                   NaNs keep the bits that this kind of processor gives them, which computes faster; on another kind
                                  a replay may differ
  --keyframe-events N             events between keyframes
`;

const RESUME = `foldos resume [--allow-host] REC

Powers a machine on again after a crash, a power cut or a SIGKILL: what had become durable and not left the machine is
released, and its programs go on where they were: from the last image of them (a machine, or --quantum, --max-ticks, --image-mib),
and from there, or from the beginning, they are run again over their log. The exit code is the program's own.
The program has the directories that it was granted when it was first run. A recording that was imported goes on with
directories of this host only with --allow-host.
`;

const REPLAY = `foldos replay REC [--fold-only] [--json]

Runs a recorded program again, without any device, and compares every request, the hash of every group of events and of
every keyframe with the recording. The first difference is named, and the exit code is then 3. Images of programs are compared with
the programs, and what lies on the disk of them is verified; if one is damaged, it is named at the end, and the exit code is 3.

  --fold-only   fold the events without running the program; images are verified, and not compared
  --json        the outcome as JSON
`;

const MOMENTS = `A MOMENT is the seq of an event: the machine as it was after that event. \`start\` or -1 is before the first event,
\`end\` after the last, -5 or end-5 five events before the end.
`;

const LOG = `foldos log REC [options]

Prints what happened, a line an event: seq, seconds since the first boot, process (- for the machine), type, and what it is about.

  --pid N         events of one process; 0 is the machine
  --type TYPE     events of a type (file/read), or of all types that begin so (file/)
  --path PATH     events about a file, or about what is below a directory, by the guest's path
  --from MOMENT   the first event
  --to MOMENT     the last event
  --follow        go on as the run goes on, until its machine is off or Ctrl-C
  --json          JSON Lines: each event as recorded, with its descriptor and path as \`subject\`, and with \`refusal\` where a call
                  was refused for want of authority

Of a refusal the line says which rights were missing, on what (the descriptor's directory, file, stream or pipe), and which other
descriptor of the process came nearest: one that would have allowed the call, one that can open the file so, one of the same with
some of the rights, or one of something else that has them.


Filters can be combined. Groups of events in which the index shows nothing of the type or process are not read.
${MOMENTS}`;

const SHOW = `foldos show REC [MOMENT] [PATH] [--all] [--json]
foldos show REC [MOMENT] --memory PID ADDRESS LENGTH [--raw | --json]
foldos show REC [MOMENT] --stack PID [--json]

Shows the state of the machine at a moment (default: end), or the part of it at PATH: processes/1, files/inodes/3, clock.
Tables are shown by their keys, the first 20 rows of each. If the event at the moment is a refusal, what was missing stands first;
PATH \`refusal\` is that, in parts.

  --all      every row, and texts and lists whole
  --json     as JSON, all of it
  --memory   what a process has in its memory; numbers may be hexadecimal, as 0x400
  --raw      the bytes themselves
  --stack    the functions that a process is in, innermost first: their places in the program's file, and the locals and operands
             that are still needed

For memory and stack the programs are run again up to the moment, from the nearest image of them. MOMENT may then be E:I, which is
where the process that runs has used I ticks since event E, or the first place behind where it can be stopped.
${MOMENTS}`;

const CAT = `foldos cat REC MOMENT FILE

Prints a file's bytes as they were at a moment. FILE is a path as the guest has it, such as /out.js, or inode:N.
What the guest never read of a host's file is not in the recording.
${MOMENTS}`;

const DIFF = `foldos diff REC A B [--json]

Says what changed in the machine's state between two moments: a line for each field that changed, for each row that came (+) or went (-).

  --json   JSON Lines: path, before, after
${MOMENTS}`;

const INFO = `foldos info REC [--json]

Says what a recording is: programs, arguments, times, events, bytes, keyframes, how it ended, and who writes it.
`;

const PS = `foldos ps REC [@MOMENT] [--json]

Says which processes a machine has at a moment (default: end): what each does or how it ended, the ticks that it has used in the
turns that are over (of one that has ended: in all its life, but for a turn that a trap or a signal ended), and what it waits for.

The last line says so if nothing can go on, because all who live wait for each other.

  --json   JSON Lines: a process each; \`standsStill\` if it waits and nothing can go on
${MOMENTS}`;

const TOP = `foldos top REC [A..B] [options]

Says what each process of a machine does: the ticks that it has used in all, in the turns that ended in the interval, and their
share; how many of its calls were answered in the interval; what it waits for. Of a run that still goes, a first sample of all of
it up to now, and one of each interval until its machine is off or Ctrl-C; else one of all of it, or of the events behind moment
A, up to B. All of it is computed from the log: rates of a run that still goes are by the clock on the wall, else by the machine's.

  --interval SECONDS      how long an interval is (default 1)
  --once                  one sample of all of it up to now, also of a run that still goes
  --sort ticks|calls|pid  who stands first: who used the most ticks in the interval (default), made the most calls, is the oldest
  --json                  JSON Lines: a sample each
${MOMENTS}`;

const STEP = `foldos step REC [MOMENT]

A prompt that goes through a recording, forward and back, and shows what each event changed. Commands may be piped in.

  n [N], b [N]   forward, back; an empty line does it again
  g MOMENT       go to a moment; the moment alone does, too
  e, d, w        the event, what it changed, where the cursor is; d MOMENT: what changed since then
  p PATH         the state or a part of it
  /TYPE          the next event of a type, or of types that begin so
  caps           who gained and lost what by the event; caps MOMENT: since then
  who OBJECT, list PID, tree, why, could PID RIGHT OBJECT
                 as \`foldos caps\` answers it, at the cursor and of its event
  h, q           help, quit
${MOMENTS}`;

const EXPORT = `foldos export REC FILE [--json]
foldos import FILE REC [--json]

A recording as one file, and back: program, events and contents, with checksums. Keyframes and index are made anew by import.
Neither writes over what is there. Import judges all that is in the file, and keeps nothing of one that it refuses.
An imported recording can be looked at and replayed without harm; resuming it runs its program with the directories it names.
`;

const OVERVIEW = `foldos: run WebAssembly programs, record all that happens, replay it exactly

  foldos run [options] PROGRAM.wasm [ARGS...]     run a program and record it
  foldos boot [options] MACHINE.json              run a machine of several programs, joined by pipes
  foldos resume REC                               go on where the power was cut
  foldos replay REC [--fold-only] [--json]        run it again and compare every step
  foldos log REC [filters] [--follow] [--json]    what happened, a line an event
  foldos show REC [MOMENT] [PATH] [--json]        the state at a moment, or a part of it; --memory, --stack of a process
  foldos cat REC MOMENT FILE                      a file's contents as of then
  foldos diff REC A B [--json]                    what changed between two moments
  foldos ps REC [@MOMENT] [--json]                its processes at a moment
  foldos top REC [A..B] [options]                 what they do and have used, as the run goes on, or in a stretch of it
  foldos caps COMMAND REC ...                     who may do what, and why: who, list, could, why, what-if, ...
  foldos info REC [--json]                        what a recording is
  foldos step REC [MOMENT]                        go forward and back, event by event
  foldos export REC FILE, foldos import FILE REC  a recording as one file
  foldos help COMMAND                             more about a command

A recording is a directory; \`last\` is the newest in .foldos/. A moment is the seq of an event, start, end, or -5; E:I is I ticks behind event E.
Exit codes: the program's own for run and resume; else 0 done, 1 a check failed, 2 usage, 3 divergence or damage, 4 a bug of ours.
`;

const texts: Readonly<Record<string, string>> = {
  run: RUN,
  boot: BOOT,
  resume: RESUME,
  replay: REPLAY,
  log: LOG,
  show: SHOW,
  cat: CAT,
  diff: DIFF,
  ps: PS,
  top: TOP,
  caps: capsHelp(undefined),
  info: INFO,
  step: STEP,
  export: EXPORT,
  import: EXPORT,
};

export const helpFor = (command: string | undefined): string =>
  command !== undefined && Object.hasOwn(texts, command) ? (texts[command] as string) : OVERVIEW;
