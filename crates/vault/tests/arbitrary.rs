//! Whatever lies on the disk or comes in a file: an answer, never a panic.

use std::sync::OnceLock;

use proptest::{collection::vec, prelude::*};
use vault::audit::{Checkpoint, Log};
use vault::backup::{Limits, Reader, Writer, read_header};
use vault::expiry::Mark;
use vault::journal::{Journal, recover};
use vault::keyring::{self, Entry};
use vault::meta::Meta;
use vault::throttle::Throttle;
use vault::{Class, Cost, Factor, Header, Kdf, Namespace, RecordId, RecoveryCode, VaultKey, header, record};

const PRF: [u8; 32] = [3; 32];
const NOW: u64 = 1_800_000_000;

/// A good file of each kind.
struct Samples {
    header: Header,
    key: VaultKey,
    keyring: Vec<u8>,
    meta: Vec<u8>,
    record: Vec<u8>,
    journal: Vec<u8>,
    row: Vec<u8>,
    backup: Vec<u8>,
}

fn samples() -> &'static Samples {
    static SAMPLES: OnceLock<Samples> = OnceLock::new();
    SAMPLES.get_or_init(|| {
        let made = header::create("seven quiet herons near a lake", Kdf::Argon2id(Cost::FLOOR));
        let (mut header, key) = made.expect("a good passphrase");
        header.put(&key, &Factor::Passkey(&PRF), None, b"one").expect("room");
        let keys = key.keys();
        let (mut keyring, writes) = keyring::create(&header);
        let entry = Entry {
            id: RecordId([7; 16]),
            namespace: Namespace::Audio,
            class: Class::Audio,
            expires_at: NOW + 1,
            hold: false,
        };
        let (dek, slot) = keyring.add(&keys, entry).expect("room");
        let mut file = vec![0; 8192];
        for write in writes.iter().chain(&slot) {
            let at = usize::try_from(write.offset).expect("a small file");
            file[at..at + write.bytes.len()].copy_from_slice(&write.bytes);
        }
        let mut meta = Meta::new(&key, &header, NOW).expect("random bytes");
        let (mut log, _) = Log::open(meta.log_key(&key).expect("its own key"), Checkpoint::default(), []);
        let row = log
            .append(NOW, vault::audit::Event::Created, None, 0)
            .expect("random bytes");
        meta.audit = log.checkpoint();
        let (mut journal, mut sound) = Journal::start(&dek, 16_000).expect("random bytes");
        sound.extend(journal.append(0, &[5; 100]).expect("in order"));
        sound.extend(journal.finish().expect("room"));
        let (writer, mut backup) = Writer::start(&header, &key).expect("its own key");
        backup.extend(writer.finish());
        Samples {
            record: record::seal(&dek, 1, 1, b"text").expect("a short note"),
            keyring: file,
            meta: meta.to_bytes(&keys),
            journal: sound,
            row,
            backup,
            header,
            key,
        }
    })
}

/// Every reader of bytes, on the same bytes. What it says is not asked; that it says something is the test.
fn read_all(bytes: &[u8]) {
    let samples = samples();
    let keys = samples.key.keys();
    if let Ok(header) = Header::parse(bytes) {
        let _ = header.unlock(&Factor::Passkey(&PRF)).is_ok();
    }
    if let Ok(mut parsed) = keyring::parse(bytes, &samples.header) {
        let ids: Vec<RecordId> = parsed.keyring.entries().map(|entry| entry.id).collect();
        ids.iter().for_each(|id| drop(parsed.keyring.dek(&keys, *id, 0)));
        let _ = parsed.keyring.shred(&ids).is_ok() && parsed.keyring.shred_damaged().is_ok();
    }
    let _ = Meta::open(&keys, bytes).is_ok();
    let whole = keyring::parse(&samples.keyring, &samples.header).expect("a keyring");
    let dek = whole.keyring.dek(&keys, RecordId([7; 16]), NOW).expect("its key");
    let _ = record::open(&dek, bytes, 0).is_ok();
    let _ = recover(&dek, bytes).is_ok();
    let meta = Meta::open(&keys, &samples.meta).expect("a state");
    let (log, _) = Log::open(meta.log_key(&samples.key).expect("its own key"), meta.audit, [bytes]);
    let _ = log.read(bytes).is_ok();
    if let Ok((header, length)) = read_header(bytes)
        && let Ok(mut reader) = Reader::open(&header, &Factor::Passkey(&PRF), NOW, Limits::default())
    {
        let _ = reader.push(&bytes[length..]).is_ok() && reader.finish().is_ok();
    }
    let _ = (Mark::parse(bytes), Throttle::parse(bytes));
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = RecoveryCode::parse(text).is_ok();
        let _ = vault::check::run(text).is_ok();
        let _ = vault::backup::verify_certificate(&log, text).is_ok();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes(bytes in vec(any::<u8>(), 0..9000)) {
        read_all(&bytes);
    }

    #[test]
    fn arbitrary_text(text in "\\PC{0,200}") {
        read_all(text.as_bytes());
    }

    /// Good files with bytes changed, cut out, doubled and put in.
    #[test]
    fn good_files_gone_bad(
        kind in 0usize..7, changes in vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..4, 1usize..200), 1..6)
    ) {
        let samples = samples();
        let header = samples.header.to_bytes();
        let good = [&header, &samples.keyring, &samples.meta, &samples.record, &samples.journal, &samples.row, &samples.backup];
        let mut bytes = good[kind].clone();
        for (at, byte, how, length) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            let end = bytes.len().min(at + length);
            match how {
                0 => bytes[at] = byte,
                1 => drop(bytes.drain(at..end)),
                2 => { let piece = bytes[at..end].to_vec(); bytes.splice(at..at, piece); }
                _ => bytes.truncate(at),
            }
        }
        read_all(&bytes);
    }

    #[test]
    fn clocks_of_any_kind(marks in vec((any::<u64>(), any::<u64>()), 1..20), first: u64) {
        let mut mark = Mark::confirmed(first);
        for (wall, elapsed) in marks {
            let reading = mark.read(wall, elapsed);
            prop_assert!(reading.now >= mark.time() || reading.now >= wall);
            prop_assert!(reading.mark.time() >= mark.time(), "the mark never goes back by itself");
            prop_assert_eq!(Mark::parse(&reading.mark.to_bytes()), Ok(reading.mark));
            mark = reading.mark.with_copy(Mark::confirmed(elapsed)).at_least(0);
            let _ = Throttle::default().failed(wall).wait(elapsed);
        }
    }

    #[test]
    fn what_is_sealed_opens(schema: u16, revision: u32, plaintext in vec(any::<u8>(), 0..9000)) {
        let samples = samples();
        let whole = keyring::parse(&samples.keyring, &samples.header).expect("a keyring");
        let dek = whole.keyring.dek(&samples.key.keys(), RecordId([7; 16]), NOW).expect("its key");
        let sealed = record::seal(&dek, schema, revision, &plaintext).expect("short");
        let (head, back) = record::open(&dek, &sealed, NOW).expect("its own key");
        prop_assert_eq!((head.schema, head.revision, back.as_slice()), (schema, revision, plaintext.as_slice()));
        // Padmé costs at most 12 %, above the shortest body.
        prop_assert!(sealed.len() - 90 <= (plaintext.len() + 4).max(4096) * 112 / 100);
    }
}
