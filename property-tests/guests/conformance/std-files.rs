//! std::fs of Rust over preview 1: what a Rust program meets. Takes its scratch directory from preopen "/".
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, BufWriter, ErrorKind, Read, Seek, SeekFrom, Write};
use std::time::{Duration, Instant, SystemTime};

#[derive(Default)]
struct Checks {
    count: u32,
    failures: u32,
}

impl Checks {
    fn equal<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, got: T, wanted: T) {
        self.count += 1;
        if got != wanted {
            self.failures += 1;
            println!("FAIL std-files.rs {what}: expected {wanted:?}, got {got:?}");
        }
    }

    fn holds(&mut self, what: &str, holds: bool) {
        self.equal(what, holds, true);
    }

    /// The call fails, and the operating system's errno is one of these.
    fn errno<T>(&mut self, what: &str, result: std::io::Result<T>, wanted: &[i32]) {
        let got = result.err().and_then(|error| error.raw_os_error());
        self.holds(
            &format!("{what} (errno {got:?}, wanted {wanted:?})"),
            got.map_or(false, |code| wanted.contains(&code)),
        );
    }
}

const EXIST: i32 = 20;
const INVAL: i32 = 28;
const ISDIR: i32 = 31;
const NOENT: i32 = 44;
const NOTDIR: i32 = 54;
const NOTEMPTY: i32 = 55;

fn scratch() -> String {
    for attempt in 0..1000 {
        let path = format!("/std-files-{attempt}");
        if fs::create_dir(&path).is_ok() {
            return path;
        }
    }
    panic!("no scratch directory");
}

fn files(checks: &mut Checks, dir: &str) -> std::io::Result<()> {
    let path = format!("{dir}/file");
    fs::write(&path, b"hello\nworld\n")?;
    checks.equal(
        "read_to_string",
        fs::read_to_string(&path)?,
        "hello\nworld\n".to_string(),
    );
    let lines: Vec<String> = BufReader::new(File::open(&path)?)
        .lines()
        .collect::<Result<_, _>>()?;
    checks.equal("lines", lines, vec!["hello".to_string(), "world".to_string()]);
    let mut file = OpenOptions::new().read(true).write(true).open(&path)?;
    checks.equal("seek to the end", file.seek(SeekFrom::End(0))?, 12);
    file.write_all(b"!")?;
    checks.equal("seek back", file.seek(SeekFrom::Current(-3))?, 10);
    let mut rest = String::new();
    file.read_to_string(&mut rest)?;
    checks.equal("the rest", rest, "d\n!".to_string());
    checks.errno(
        "seek before the start",
        file.seek(SeekFrom::Current(-100)),
        &[INVAL],
    );
    file.set_len(5)?;
    checks.equal("metadata len", file.metadata()?.len(), 5);
    file.sync_all()?;
    file.sync_data()?;
    drop(file);
    OpenOptions::new()
        .append(true)
        .open(&path)?
        .write_all(b" again")?;
    checks.equal("appended", fs::read(&path)?, b"hello again".to_vec());
    checks.errno(
        "create_new on a file",
        OpenOptions::new().write(true).create_new(true).open(&path),
        &[EXIST],
    );
    checks.errno(
        "open a missing file",
        File::open(format!("{dir}/missing")),
        &[NOENT],
    );
    checks.errno("open below a file", File::open(format!("{path}/x")), &[NOTDIR]);
    checks.errno("write to a directory", fs::write(dir, b"x"), &[ISDIR]);
    File::create(&path)?;
    checks.equal("create truncates", fs::metadata(&path)?.len(), 0);
    fs::write(format!("{dir}/a"), vec![7u8; 100_000])?;
    checks.equal("copy", fs::copy(format!("{dir}/a"), format!("{dir}/b"))?, 100_000);
    checks.holds(
        "the copy is equal",
        fs::read(format!("{dir}/a"))? == fs::read(format!("{dir}/b"))?,
    );
    let mut out = BufWriter::new(File::create(format!("{dir}/numbers"))?);
    for number in 0..20_000u32 {
        writeln!(out, "{number}")?;
    }
    out.flush()?;
    drop(out);
    let sum: u64 = BufReader::new(File::open(format!("{dir}/numbers"))?)
        .lines()
        .map(|line| line.unwrap_or_default().parse::<u64>().unwrap_or(0))
        .sum();
    checks.equal("sum of the lines", sum, 199_990_000);
    Ok(())
}

fn directories(checks: &mut Checks, dir: &str) -> std::io::Result<()> {
    fs::create_dir_all(format!("{dir}/x/y/z"))?;
    fs::create_dir_all(format!("{dir}/x/y/z"))?;
    checks.errno("create_dir again", fs::create_dir(format!("{dir}/x")), &[EXIST]);
    for number in 0..300 {
        fs::write(
            format!("{dir}/x/y/file with a rather long name, number {number}"),
            number.to_string(),
        )?;
    }
    let mut names = BTreeSet::new();
    let (mut files, mut folders) = (0, 0);
    for entry in fs::read_dir(format!("{dir}/x/y"))? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            folders += 1
        } else {
            files += 1
        }
        names.insert(entry.file_name());
    }
    checks.equal("files read", files, 300);
    checks.equal("folders read", folders, 1);
    checks.equal("names read once", names.len(), 301);
    checks.errno(
        "read_dir of a file",
        fs::read_dir(format!("{dir}/file"))
            .and_then(|mut all| all.next().unwrap_or_else(|| Err(ErrorKind::Other.into()))),
        &[NOTDIR],
    );
    checks.errno(
        "remove_dir of a full one",
        fs::remove_dir(format!("{dir}/x")),
        &[NOTEMPTY],
    );
    checks.errno(
        "remove_dir of a file",
        fs::remove_dir(format!("{dir}/file")),
        &[NOTDIR],
    );
    checks.errno(
        "remove_file of a directory",
        fs::remove_file(format!("{dir}/x")),
        &[ISDIR],
    );
    fs::rename(format!("{dir}/x"), format!("{dir}/renamed"))?;
    checks.holds(
        "the old name is gone",
        !std::path::Path::new(&format!("{dir}/x")).exists(),
    );
    checks.errno(
        "rename a missing one",
        fs::rename(format!("{dir}/x"), format!("{dir}/w")),
        &[NOENT],
    );
    checks.errno(
        "rename into itself",
        fs::rename(format!("{dir}/renamed"), format!("{dir}/renamed/y/in")),
        &[INVAL],
    );
    fs::remove_dir_all(format!("{dir}/renamed"))?;
    checks.holds("remove_dir_all", fs::metadata(format!("{dir}/renamed")).is_err());
    fs::hard_link(format!("{dir}/a"), format!("{dir}/a2"))?;
    fs::remove_file(format!("{dir}/a"))?;
    checks.equal(
        "the other name stays",
        fs::metadata(format!("{dir}/a2"))?.len(),
        100_000,
    );
    Ok(())
}

fn times(checks: &mut Checks, dir: &str) -> std::io::Result<()> {
    let before = SystemTime::now();
    fs::write(format!("{dir}/timed"), b"x")?;
    let modified = fs::metadata(format!("{dir}/timed"))?.modified()?;
    checks.holds(
        "modified is now",
        modified + Duration::from_secs(1) >= before && modified <= SystemTime::now() + Duration::from_secs(1),
    );
    let start = Instant::now();
    std::thread::sleep(Duration::from_millis(5));
    checks.holds("sleep sleeps", start.elapsed() >= Duration::from_millis(4));
    std::thread::yield_now();
    Ok(())
}

fn main() {
    let mut checks = Checks::default();
    let dir = scratch();
    for (name, part) in [
        ("files", files as fn(&mut Checks, &str) -> std::io::Result<()>),
        ("directories", directories),
        ("times", times),
    ] {
        let result = part(&mut checks, &dir);
        checks.holds(&format!("{name} ran to its end: {result:?}"), result.is_ok());
    }
    let map: std::collections::HashMap<u32, u32> = (0..1000).map(|key| (key, key * key)).collect();
    checks.equal("a HashMap with random seeds", map.get(&31).copied(), Some(961));
    if checks.failures == 0 {
        println!("ok {} checks", checks.count);
    } else {
        println!("FAILED {} of {} checks", checks.failures, checks.count);
        std::process::exit(1);
    }
}
