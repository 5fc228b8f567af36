//! The browser's processes, as the system tells of them.

use std::fs;
use std::io::{Read, Seek, SeekFrom};

/// The descendants of a process whose command line holds this word.
pub fn below(ancestor: u32, word: &str) -> Vec<u32> {
    let mut parents = Vec::new();
    for entry in fs::read_dir("/proc").expect("a system with /proc").flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        // `pid (name) state parent …`; a process that has just ended has none.
        let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        let parent = stat
            .rsplit_once(") ")
            .and_then(|(_, rest)| rest.split(' ').nth(1)?.parse().ok());
        parents.extend(parent.map(|parent: u32| (id, parent)));
    }
    let mut family = vec![ancestor];
    let mut at = 0;
    while at < family.len() {
        let children = parents.iter().filter(|(_, parent)| *parent == family[at]);
        let children: Vec<u32> = children.map(|(id, _)| *id).collect();
        family.extend(children);
        at += 1;
    }
    let holds = |id: &u32| {
        let line = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&line).contains(word)
    };
    family.into_iter().filter(holds).collect()
}

/// The most memory that a process had since this was last asked; bytes.
pub fn peak_memory(id: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse::<u64>().ok());
    // 5 sets the mark back.
    drop(fs::write(format!("/proc/{id}/clear_refs"), "5"));
    kib.unwrap_or(0) << 10
}

/// Everything that a process could read of its own memory, but for what it only maps from files: what a core dump holds.
/// The process stands still meanwhile.
pub fn memory(id: u32, mut look: impl FnMut(&[u8])) -> u64 {
    signal(id, "STOP");
    let maps = fs::read_to_string(format!("/proc/{id}/maps")).expect("its memory map");
    let mut memory = fs::File::open(format!("/proc/{id}/mem")).expect("its memory, read as the one who started it");
    let mut bytes = vec![0; 1 << 20];
    let mut total = 0;
    for line in maps.lines() {
        let mut fields = line.split_whitespace();
        let (range, rights) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
        let inode = fields.nth(2).unwrap_or("0");
        if !rights.starts_with('r') || (inode != "0" && !rights.contains('w')) {
            continue;
        }
        let (from, to) = range.split_once('-').expect("two addresses");
        let address = |text| u64::from_str_radix(text, 16).expect("hexadecimal");
        let (mut at, end) = (address(from), address(to));
        // A key may lie across two pieces.
        const OVERLAP: u64 = 64;
        while at < end {
            let length = ((end - at) as usize).min(bytes.len());
            let read = memory
                .seek(SeekFrom::Start(at))
                .and_then(|_| memory.read_exact(&mut bytes[..length]));
            if read.is_ok() {
                look(&bytes[..length]);
                total += length as u64;
            }
            at += length as u64;
            if at < end {
                at -= OVERLAP;
            }
        }
    }
    signal(id, "CONT");
    total
}

pub fn signal(id: u32, name: &str) {
    let sent = std::process::Command::new("kill")
        .args(["-s", name, &id.to_string()])
        .status();
    assert!(
        sent.is_ok_and(|status| status.success()),
        "the browser's process is ours"
    );
}

/// SIGKILL: none of them gets to do anything more.
pub fn kill(ids: &[u32]) {
    if !ids.is_empty() {
        let ids = ids.iter().map(u32::to_string);
        // One that has gone meanwhile is an error of the command and none of ours.
        drop(
            std::process::Command::new("kill")
                .args(["-s", "KILL"])
                .args(ids)
                .output()
                .expect("`kill` is there"),
        );
    }
}

/// False once it has ended, though nobody may have asked how.
pub fn is_alive(id: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with('Z'))
}
