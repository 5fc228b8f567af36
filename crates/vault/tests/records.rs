//! What is sealed opens again, and nothing else does.

use std::sync::OnceLock;

use proptest::{collection::vec, prelude::*};
use vault::{Failure, Head, Key, RecordId, create, expired, open, read_head, seal, unlock};

const HEAD: Head = Head {
    id: RecordId([7; 16]),
    schema: 1,
    revision: 3,
    expires_at: 1_800_000_000,
};
const NOW: u64 = HEAD.expires_at - 1;
const NOTE: &[u8] = b"Denies fever. Ibuprofen 400 mg as needed.";

#[test]
fn a_new_vault_opens_with_its_passphrase_alone() {
    let passphrase = "seven quiet herons near Ålesund";
    let (header, key) = create(passphrase).expect("a good passphrase");
    let sealed = seal(&key, &HEAD, NOTE).expect("a short note");
    drop(key);

    let again = unlock(&header, passphrase).expect("its own passphrase");
    let (head, plaintext) = open(&again, &sealed, NOW).expect("its own key");
    assert_eq!((head, plaintext.as_slice()), (HEAD, NOTE));
    assert_eq!(
        unlock(&header, "seven quiet herons near Alesund").err(),
        Some(Failure::WrongPassphrase)
    );
}

#[test]
fn a_weak_passphrase_makes_no_vault() {
    assert!(matches!(create("correct horse"), Err(Failure::WeakPassphrase { .. })));
}

#[test]
fn a_record_of_another_vault_does_not_open() {
    let (_, other) = create("another clinician's long passphrase").expect("a good passphrase");
    let sealed = seal(&other, &HEAD, NOTE).expect("a short note");
    assert_eq!(open(key(), &sealed, NOW).err(), Some(Failure::Damaged));
}

#[test]
fn every_single_bit_flip_is_detected() {
    let mut sealed = seal(key(), &HEAD, NOTE).expect("a short note");
    let mut flips = 0;
    for bit in 0..sealed.len() * 8 {
        sealed[bit / 8] ^= 1 << (bit % 8);
        assert!(open(key(), &sealed, 0).is_err(), "bit {bit}");
        sealed[bit / 8] ^= 1 << (bit % 8);
        flips += 1;
    }
    assert!(open(key(), &sealed, 0).is_ok());
    println!("record: {flips} single-bit flips, all detected");
}

#[test]
fn every_truncation_and_extension_is_detected() {
    let sealed = seal(key(), &HEAD, NOTE).expect("a short note");
    for length in 0..sealed.len() {
        assert!(open(key(), &sealed[..length], NOW).is_err(), "{length} bytes");
        assert!(
            open(key(), &sealed[sealed.len() - length..], NOW).is_err(),
            "the last {length} bytes"
        );
    }
    for more in [1, 2, 16, 4096] {
        let mut longer = sealed.clone();
        longer.resize(sealed.len() + more, 0);
        assert_eq!(
            open(key(), &longer, NOW).err(),
            Some(Failure::Damaged),
            "{more} bytes more"
        );
    }
}

#[test]
fn parts_of_two_records_do_not_make_one() {
    let ours = seal(key(), &HEAD, NOTE).expect("a short note");
    let heads = [
        Head {
            id: RecordId([8; 16]),
            ..HEAD
        },
        Head { schema: 2, ..HEAD },
        Head { revision: 2, ..HEAD },
        Head {
            expires_at: HEAD.expires_at + 3600,
            ..HEAD
        },
    ];
    for head in heads {
        let theirs = seal(key(), &head, b"another visit").expect("a short note");
        // The head ends before the nonce, the nonce before the body, the body before the tag.
        for cut in [60, 72, ours.len() - 16] {
            let mixed = [&ours[..cut], &theirs[cut..]].concat();
            assert_eq!(
                open(key(), &mixed, NOW).err(),
                Some(Failure::Damaged),
                "{head:?} from byte {cut}"
            );
        }
    }
}

#[test]
fn a_record_opens_until_the_second_it_expires() {
    let sealed = seal(key(), &HEAD, NOTE).expect("a short note");
    assert!(open(key(), &sealed, 0).is_ok());
    assert!(open(key(), &sealed, HEAD.expires_at - 1).is_ok());
    assert_eq!(open(key(), &sealed, HEAD.expires_at).err(), Some(Failure::Expired));
    assert_eq!(open(key(), &sealed, u64::MAX).err(), Some(Failure::Expired));
}

#[test]
fn the_same_note_twice_shares_no_ciphertext() {
    let first = seal(key(), &HEAD, NOTE).expect("a short note");
    let second = seal(key(), &HEAD, NOTE).expect("a short note");
    let equal = first[60..].iter().zip(&second[60..]).filter(|(a, b)| a == b).count();
    assert!(
        equal < first.len() / 50,
        "{equal} of {} bytes are equal",
        first.len() - 60
    );
}

#[test]
fn notes_of_the_usual_size_look_alike() {
    let lengths = [0, 1, 400, 4092].map(|n| seal(key(), &HEAD, &vec![b'a'; n]).expect("a short note").len());
    assert_eq!(lengths, [88 + 4096; 4]);
}

#[test]
fn what_is_too_large_is_refused() {
    assert_eq!(
        seal(key(), &HEAD, &vec![0; (64 << 20) + 1]).err(),
        Some(Failure::TooLarge)
    );
}

#[test]
fn expired_records_are_found_without_a_key() {
    let heads = [10, 20, 30].map(|at| {
        let id = RecordId([at; 16]);
        let sealed = seal(
            key(),
            &Head {
                id,
                expires_at: at.into(),
                ..HEAD
            },
            NOTE,
        )
        .expect("a short note");
        read_head(&sealed).expect("a head")
    });
    assert_eq!(expired(&heads, 9), []);
    assert_eq!(expired(&heads, 20), [RecordId([10; 16]), RecordId([20; 16])]);
    assert_eq!(expired(&heads, u64::MAX).len(), 3);
    assert_eq!(expired(&[], 0), []);
}

#[test]
fn a_record_id_survives_its_text() {
    let id = RecordId::random().expect("random bytes");
    assert_ne!(id, RecordId::random().expect("random bytes"));
    assert_eq!(id.to_string().parse(), Ok(id));
    assert_eq!(RecordId([0xa5; 16]).to_string(), "a5".repeat(16));
    let wrong = [
        String::new(),
        "a5".repeat(15),
        "a5".repeat(17),
        "A5".repeat(16),
        "g5".repeat(16),
        "é".repeat(16),
    ];
    for text in wrong {
        assert_eq!(text.parse::<RecordId>(), Err(Failure::Damaged), "{text}");
    }
}

#[test]
fn failures_tell_the_reader_what_to_do_and_no_secret() {
    let short = create("tiny").err().expect("too short").to_string();
    assert_eq!(
        short,
        "This passphrase has 4 characters; it needs at least 15. Six random words are easy to remember and hard to guess."
    );
    for failure in [
        Failure::WrongPassphrase,
        Failure::Damaged,
        Failure::Expired,
        Failure::Unsupported,
        Failure::Memory,
    ] {
        let text = failure.to_string();
        assert!(text.ends_with('.') && !text.contains("  "), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_sealed_opens(
        id: [u8; 16], schema: u16, revision: u32, expires_at in 1u64.., plaintext in vec(any::<u8>(), 0..9000)
    ) {
        let head = Head { id: RecordId(id), schema, revision, expires_at };
        let sealed = seal(key(), &head, &plaintext).expect("short");
        prop_assert_eq!(read_head(&sealed), Ok(head));
        let (opened, back) = open(key(), &sealed, expires_at - 1).expect("its own key");
        prop_assert_eq!((opened, back.as_slice()), (head, plaintext.as_slice()));
        // Padmé costs at most 12 %, above the shortest body.
        let most = (plaintext.len() + 4).max(4096) * 112 / 100;
        prop_assert!(sealed.len() - 88 <= most);
    }

    #[test]
    fn arbitrary_bytes_neither_open_nor_panic(bytes in vec(any::<u8>(), 0..6000), keep in 0usize..90) {
        prop_assert!(open(key(), &bytes, 0).is_err());
        prop_assert!(unlock(&bytes, "any passphrase at all").is_err());
        let mut grafted = seal(key(), &HEAD, NOTE).expect("short")[..keep].to_vec();
        grafted.extend(&bytes);
        prop_assert!(open(key(), &grafted, 0).is_err());
    }
}

/// One key for all: stretching is slow on purpose.
fn key() -> &'static Key {
    static KEY: OnceLock<Key> = OnceLock::new();
    KEY.get_or_init(|| create("seven quiet herons near a lake").expect("a good passphrase").1)
}
