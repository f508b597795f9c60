//! grep-sorted PATTERN DIR: lines that contain PATTERN in all files below DIR, sorted, with a count per file.
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

fn walk(dir: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            walk(&entry.path(), files)?;
        } else if kind.is_file() {
            files.push(entry.path());
        }
    }
    Ok(())
}

fn search(pattern: &str, root: &Path) -> io::Result<()> {
    let mut files = Vec::new();
    walk(root, &mut files)?;
    let mut counts: HashMap<PathBuf, usize> = HashMap::new();
    let mut found = Vec::new();
    for path in files {
        for (number, line) in BufReader::new(File::open(&path)?).lines().enumerate() {
            let line = match line {
                Err(error) if error.kind() == io::ErrorKind::InvalidData => break, // not a text file
                line => line?,
            };
            if line.contains(pattern) {
                *counts.entry(path.clone()).or_default() += 1;
                found.push(format!("{}:{}: {}", path.display(), number + 1, line));
            }
        }
    }
    found.sort();
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort();
    let mut out = io::stdout().lock();
    for line in found {
        writeln!(out, "{line}")?;
    }
    for (path, count) in counts {
        writeln!(out, "{count} in {}", path.display())?;
    }
    Ok(())
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    if args.len() < 3 {
        eprintln!("usage: grep-sorted PATTERN DIR");
        std::process::exit(2);
    }
    if let Err(error) = search(&args[1], Path::new(&args[2])) {
        eprintln!("grep-sorted: {error}");
        std::process::exit(1);
    }
}
