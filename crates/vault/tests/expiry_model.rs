//! A device simulated, with a real keyring file and real records: a clock that jumps, two tabs that crash in the middle
//! of any write. Nothing is read too late, nothing is destroyed too early, and what is destroyed is gone.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use vault::expiry::{Keep, Mark, Notice, Reading, due, expires_at};
use vault::keyring::{self, Entry, Keyring, Write};
use vault::{Class, Cost, Failure, Header, Kdf, Keys, Namespace, RecordId, header, record};

const DAY: u64 = 24 * 3600;
const START: u64 = 1_800_000_000;

#[test]
fn ten_thousand_lives_of_a_device_never_read_late_nor_destroy_early() {
    let mut sum = Counts::default();
    for case in 0..10_000 {
        let counts = Device::new(case).live();
        sum.add(&counts);
    }
    println!(
        "10,000 cases: {} steps, {} reads, {} refused, {} destroyed, {} held back, {} clock jumps, {} crashes",
        sum.steps, sum.reads, sum.refused, sum.destroyed, sum.held, sum.jumps, sum.crashes
    );
    // The simulation must have come to the places that it is about.
    assert!(sum.reads > 10_000 && sum.refused > 10_000 && sum.destroyed > 1000);
    assert!(sum.held > 1000 && sum.jumps > 10_000 && sum.crashes > 1000);
}

#[derive(Default)]
struct Counts {
    steps: u64,
    reads: u64,
    refused: u64,
    destroyed: u64,
    held: u64,
    jumps: u64,
    crashes: u64,
}

impl Counts {
    fn add(&mut self, other: &Counts) {
        self.steps += other.steps;
        self.reads += other.reads;
        self.refused += other.refused;
        self.destroyed += other.destroyed;
        self.held += other.held;
        self.jumps += other.jumps;
        self.crashes += other.crashes;
    }
}

/// Two tabs over one disk. `truth` is the time that nobody on the device knows.
struct Device {
    random: u64,
    truth: u64,
    /// Wall clock minus truth.
    skew: i64,
    disk: Disk,
    /// What was promised at the start; never changed.
    entries: Vec<Entry>,
    tabs: [Option<Tab>; 2],
    /// The latest time that was believed and stored: from then on what is over stays over.
    witnessed: u64,
    /// When the clock as it is set now was first doubted.
    doubted: Option<u64>,
    /// A wrong clock was believed, since it went on for a day and nobody said otherwise.
    deceived: bool,
    counts: Counts,
}

struct Disk {
    mark: Vec<u8>,
    keyring: Vec<u8>,
    records: BTreeMap<RecordId, Vec<u8>>,
}

impl Disk {
    /// The first bytes of a write arrive.
    fn write(&mut self, write: &Write, length: usize) {
        let at = usize::try_from(write.offset).expect("a small file");
        self.keyring.resize(self.keyring.len().max(at + length), 0);
        self.keyring[at..at + length].copy_from_slice(&write.bytes[..length]);
    }
}

/// What a tab remembers between two looks at the clock.
struct Tab {
    /// By the clock that nobody can set, which is the truth.
    last: u64,
    mark: Vec<u8>,
}

impl Device {
    fn new(case: u64) -> Device {
        let mut device = Device {
            random: case.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5bf0_3635,
            truth: START,
            skew: 0,
            disk: Disk {
                mark: Mark::confirmed(START).to_bytes().to_vec(),
                keyring: Vec::new(),
                records: BTreeMap::new(),
            },
            entries: Vec::new(),
            tabs: [None, None],
            witnessed: START,
            doubted: None,
            deceived: false,
            counts: Counts::default(),
        };
        let (header, keys) = vault();
        let (mut keyring, mut writes) = keyring::create(header);
        for id in 1..=4 {
            let keep = [Keep::Day, Keep::Week, Keep::Month, Keep::Quarter][device.below(4) as usize];
            let entry = Entry {
                id: RecordId([id; 16]),
                namespace: Namespace::Visit,
                class: Class::Note,
                expires_at: expires_at(START, keep),
                hold: device.below(10) == 0,
            };
            let (dek, more) = keyring.add(keys, entry).expect("room");
            writes.extend(more);
            let sealed = record::seal(&dek, 1, 1, &[id; 10]).expect("a short note");
            device.disk.records.insert(entry.id, sealed);
        }
        for write in &writes {
            device.disk.write(write, write.bytes.len());
        }
        device.entries = keyring.entries().copied().collect();
        device
    }

    fn live(mut self) -> Counts {
        for _ in 0..40 {
            self.counts.steps += 1;
            let tab = self.below(2) as usize;
            match self.below(12) {
                0..4 => self.truth += self.below(3 * DAY),
                4 => self.truth += self.below(20 * DAY),
                5 => self.jump(),
                6 => self.close(tab),
                7 => self.read(tab),
                8 => self.confirm(),
                _ => self.sweep(tab),
            }
        }
        self.counts
    }

    /// The clock is set: far ahead, anywhere back, a little either way, or right again.
    fn jump(&mut self) {
        self.counts.jumps += 1;
        self.doubted = None;
        self.skew = match self.below(4) {
            0 => (31 * DAY * (1 + self.below(100))) as i64,
            1 => -(self.below(400 * DAY) as i64),
            2 => self.below(8 * 60) as i64 - 240,
            _ => 0,
        };
    }

    fn close(&mut self, tab: usize) {
        self.tabs[tab] = None;
    }

    fn wall(&self) -> u64 {
        self.truth.saturating_add_signed(self.skew)
    }

    /// Looks at the clock and stores the mark before anything else; the store may crash, and then nothing was read.
    fn look(&mut self, tab: usize) -> Option<Reading> {
        let own = self.tabs[tab].as_ref().filter(|tab| tab.mark == self.disk.mark);
        let elapsed = own.map_or(0, |tab| self.truth - tab.last);
        let reading = Mark::parse(&self.disk.mark)
            .expect("stored whole")
            .read(self.wall(), elapsed);
        if self.crashes() {
            self.tabs[tab] = None;
            return None;
        }
        self.disk.mark = reading.mark.to_bytes().to_vec();
        self.tabs[tab] = Some(Tab {
            last: self.truth,
            mark: self.disk.mark.clone(),
        });
        if matches!(reading.notice, Some(Notice::Ahead { .. })) {
            let first = *self.doubted.get_or_insert(self.truth);
            if !reading.purge {
                return Some(reading);
            }
            assert!(self.truth - first >= DAY, "a doubted clock was believed within a day");
            self.deceived |= self.skew > 300;
        }
        self.witnessed = self.witnessed.max(reading.now);
        Some(reading)
    }

    /// Reads the keyring, and repairs it unless that crashes too.
    fn keyring(&mut self, tab: usize) -> Option<Keyring> {
        let parsed = keyring::parse(&self.disk.keyring, vault().0).expect("one copy of each slot is whole");
        assert_eq!(parsed.damaged, 0);
        self.carry_out(tab, &parsed.repairs).then_some(parsed.keyring)
    }

    /// False when the tab crashed on the way.
    fn carry_out(&mut self, tab: usize, writes: &[Write]) -> bool {
        for write in writes {
            if self.crashes() {
                let torn = self.below(write.bytes.len() as u64) as usize;
                self.disk.write(write, torn);
                self.tabs[tab] = None;
                return false;
            }
            self.disk.write(write, write.bytes.len());
        }
        true
    }

    fn read(&mut self, tab: usize) {
        let Some(reading) = self.look(tab) else { return };
        let Some(keyring) = self.keyring(tab) else { return };
        for entry in self.entries.clone() {
            let sealed = self.disk.records.get(&entry.id);
            let opened = keyring
                .dek(vault().1, entry.id, reading.now)
                .and_then(|dek| record::open(&dek, sealed.ok_or(Failure::Gone)?, reading.now));
            match opened {
                Ok((_, text)) => {
                    assert_eq!(text.as_slice(), [entry.id.0[0]; 10]);
                    self.counts.reads += 1;
                    let late = !entry.hold && self.witnessed >= entry.expires_at;
                    assert!(!late, "read although its time was seen to be over");
                    let late = !entry.hold && self.skew >= 0 && self.truth >= entry.expires_at;
                    assert!(!late, "read after its time by a clock that was not behind");
                }
                Err(Failure::Expired | Failure::Gone) => self.counts.refused += 1,
                Err(why) => panic!("{why}"),
            }
        }
    }

    fn sweep(&mut self, tab: usize) {
        let Some(reading) = self.look(tab) else { return };
        let Some(mut keyring) = self.keyring(tab) else { return };
        let over = |entry: &&Entry| !entry.hold && reading.now >= entry.expires_at;
        let due = due(keyring.entries(), &reading);
        if due.len() < keyring.entries().filter(over).count() {
            self.counts.held += 1;
        }
        for id in due {
            let writes = keyring.shred(&[id]).expect("random bytes");
            self.judge(id);
            // A crash in between leaves the rest for the next sweep.
            if !self.carry_out(tab, &writes) || self.crashes() {
                self.tabs[tab] = None;
                return;
            }
            self.disk.records.remove(&id);
            self.counts.destroyed += 1;
        }
    }

    fn judge(&self, id: RecordId) {
        let entry = self.entries.iter().find(|entry| entry.id == id).expect("one of ours");
        assert!(!entry.hold, "destroyed under legal hold");
        assert!(
            self.witnessed >= entry.expires_at,
            "destroyed before a believed clock said so"
        );
        // Small errors of the clock are not doubted, and four minutes are the simulation's largest.
        let early = self.truth + 300 < entry.expires_at;
        assert!(
            !early || self.deceived,
            "destroyed early by a clock that nobody believed"
        );
    }

    /// The clinician looks at the date and confirms it only if it is right.
    fn confirm(&mut self) {
        if self.skew.unsigned_abs() <= 300 && !self.crashes() {
            self.disk.mark = Mark::confirmed(self.wall()).to_bytes().to_vec();
            // A person's word is above the mark.
            self.witnessed = self.wall();
            (self.doubted, self.deceived) = (None, false);
        }
    }

    fn crashes(&mut self) -> bool {
        let crash = self.below(20) == 0;
        self.counts.crashes += u64::from(crash);
        crash
    }

    /// SplitMix64.
    fn below(&mut self, limit: u64) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }
}

/// One vault for all: stretching a passphrase is slow on purpose.
fn vault() -> (&'static Header, &'static Keys) {
    static VAULT: OnceLock<(Header, Keys)> = OnceLock::new();
    let (header, keys) = VAULT.get_or_init(|| {
        let made = header::create("seven quiet herons near a lake", Kdf::Argon2id(Cost::FLOOR));
        let (header, key) = made.expect("a good passphrase");
        (header, key.keys())
    });
    (header, keys)
}
