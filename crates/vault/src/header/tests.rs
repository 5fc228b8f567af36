use super::*;
use crate::{Cost, RecoveryCode};

const PASSPHRASE: &str = "seven quiet herons near a lake";
const PRF: [u8; 32] = [9; 32];

/// The cheapest cost that is accepted, so that the tests are quick.
const CHEAP: Kdf = Kdf::Argon2id(Cost::FLOOR);

fn made() -> (Header, VaultKey) {
    create(PASSPHRASE, CHEAP).expect("a good passphrase")
}

fn opens(header: &Header, factor: &Factor, key: &VaultKey) -> bool {
    header
        .unlock(factor)
        .is_ok_and(|found| found.secret.bytes() == key.secret.bytes() && found.generation == key.generation)
}

#[test]
fn every_way_to_unlock_gives_the_same_key() {
    let (mut header, key) = made();
    let code = RecoveryCode::random().expect("random bytes");
    header.put(&key, &Factor::Passkey(&PRF), None, b"one").expect("room");
    header
        .put(&key, &Factor::Passkey(&[8; 40]), None, b"two")
        .expect("room");
    header.put(&key, &Factor::Recovery(&code), None, &[]).expect("room");
    let header = Header::parse(&header.to_bytes()).expect("its own bytes");
    assert!(opens(&header, &Factor::Passphrase(PASSPHRASE), &key));
    assert!(opens(&header, &Factor::Passkey(&PRF), &key));
    assert!(opens(&header, &Factor::Passkey(&[8; 40]), &key));
    assert!(opens(&header, &Factor::Recovery(&code), &key));
    let kinds: Vec<Kind> = header.slots().map(|(kind, ..)| kind).collect();
    assert_eq!(kinds, [Kind::Passphrase, Kind::Passkey, Kind::Passkey, Kind::Recovery]);

    let other = RecoveryCode::random().expect("random bytes");
    let refused = |factor: &Factor| header.unlock(factor).err();
    assert_eq!(
        refused(&Factor::Passphrase("seven quiet herons")),
        Some(Failure::WrongPassphrase)
    );
    assert_eq!(refused(&Factor::Passkey(&[7; 32])), Some(Failure::WrongPasskey));
    assert_eq!(refused(&Factor::Recovery(&other)), Some(Failure::WrongCode));
    assert_eq!(refused(&Factor::Passkey(&[0; 32])), Some(Failure::UnusablePasskey));
    assert_eq!(refused(&Factor::Passkey(&[9; 31])), Some(Failure::UnusablePasskey));
}

#[test]
fn passphrase_and_passkey_together_need_both() {
    let (mut header, key) = made();
    let both = |passphrase, prf| Factor::Both { passphrase, prf };
    header
        .put(&key, &both(PASSPHRASE, &PRF), Some(CHEAP), b"one")
        .expect("room");
    assert!(opens(&header, &both(PASSPHRASE, &PRF), &key));
    for half in [
        Factor::Passphrase(PASSPHRASE),
        Factor::Passkey(&PRF),
        both(PASSPHRASE, &[8; 32]),
        both("seven quiet herons", &PRF),
    ] {
        assert!(header.unlock(&half).is_err());
    }
    assert_eq!(header.slots().count(), 1, "the passphrase alone is gone");
}

#[test]
fn a_new_passphrase_takes_the_place_of_the_old_one() {
    let (mut header, key) = made();
    let new = "nine loud geese over the moor";
    header
        .put(&key, &Factor::Passphrase(new), Some(CHEAP), &[])
        .expect("room");
    assert!(opens(&header, &Factor::Passphrase(new), &key));
    assert_eq!(
        header.unlock(&Factor::Passphrase(PASSPHRASE)).err(),
        Some(Failure::WrongPassphrase)
    );
    let before = header.to_bytes();
    let weak = header.put(&key, &Factor::Passphrase("short"), Some(CHEAP), &[]);
    assert!(matches!(weak, Err(Failure::WeakPassphrase { .. })));
    assert!(before == header.to_bytes());
}

#[test]
fn a_way_in_that_is_exchanged_or_removed_is_kept_no_more() {
    let (first, key) = made();
    let mut more = first.clone();
    more.put(&key, &Factor::Passkey(&PRF), None, b"one").expect("room");
    assert!(more.keeps_the_ways_of(&first) && !first.keeps_the_ways_of(&more));
    let mut changed = more.clone();
    changed
        .put(
            &key,
            &Factor::Passphrase("nine loud geese over the moor"),
            Some(CHEAP),
            &[],
        )
        .expect("room");
    assert!(!changed.keeps_the_ways_of(&more));
}

#[test]
fn a_new_vault_key_opens_by_the_old_ways_without_them_at_hand() {
    let (mut header, key) = made();
    header.put(&key, &Factor::Passkey(&PRF), None, b"one").expect("room");
    let (rotated, new) = header.rotated(&key).expect("its own key");
    assert_eq!((header.generation(), rotated.generation()), (1, 2));
    assert!(new.secret.bytes() != key.secret.bytes());
    assert!(opens(&rotated, &Factor::Passphrase(PASSPHRASE), &new));
    assert!(opens(&rotated, &Factor::Passkey(&PRF), &new));
    // And once more, from the stored bytes.
    let stored = Header::parse(&rotated.to_bytes()).expect("its own bytes");
    let (again, newest) = stored.rotated(&new).expect("its own key");
    assert!(opens(&again, &Factor::Passkey(&PRF), &newest));
    assert!(header.rotated(&newest).is_err(), "another key rewraps nothing");
}

#[test]
fn a_header_has_eight_slots_and_keeps_its_last() {
    let (mut header, key) = made();
    for credential in 0..7 {
        header
            .put(&key, &Factor::Passkey(&PRF), None, &[credential])
            .expect("room");
    }
    assert_eq!(
        header.put(&key, &Factor::Passkey(&PRF), None, &[7]),
        Err(Failure::TooManySlots)
    );
    assert_eq!(header.put(&key, &Factor::Passkey(&PRF), None, &[6]), Ok(()));
    assert_eq!(header.to_bytes().len(), LONGEST);
    for _ in 0..10 {
        header.remove(0);
    }
    assert_eq!(header.slots().count(), 1);
}

#[test]
fn every_single_bit_flip_of_a_header_is_detected() {
    let (header, _) = made();
    let mut bytes = header.to_bytes();
    let flips = bytes.len() * 8;
    for bit in 0..flips {
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert!(Header::parse(&bytes).is_err(), "bit {bit}");
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
    assert_eq!(flips, 4288);
}

/// Flips by someone who recomputes the hash, and, harder than the truth, with a factor that no salt or cost changes:
/// the authenticated data alone must catch them.
#[test]
fn every_single_bit_flip_under_a_recomputed_hash_is_detected() {
    let (mut header, key) = made();
    let code = RecoveryCode::random().expect("random bytes");
    header
        .put(&key, &Factor::Passkey(&PRF), None, b"credential")
        .expect("room");
    header.remove(0);
    let (factor, mut bytes) = (Factor::Passkey(&PRF), header.to_bytes());
    let end = bytes.len() - HASH;
    let (mut flips, mut undetected) = (0, Vec::new());
    for bit in 0..end * 8 {
        bytes[bit / 8] ^= 1 << (bit % 8);
        let hash = Sha256::digest(&bytes[..end]);
        bytes[end..].copy_from_slice(&hash);
        let opened = Header::parse(&bytes).and_then(|header| {
            let key = header.unlock(&factor)?;
            // The kept wrapping key shows when it is used.
            header.rotated(&key)
        });
        if opened.is_ok() {
            undetected.push(bit);
        }
        bytes[bit / 8] ^= 1 << (bit % 8);
        flips += 1;
    }
    assert_eq!(undetected, Vec::<usize>::new());
    drop(code);
    assert_eq!(flips, 4032);
}

#[test]
fn every_truncation_and_extension_of_a_header_is_detected() {
    let bytes = made().0.to_bytes();
    for length in 0..bytes.len() {
        assert!(Header::parse(&bytes[..length]).is_err(), "{length} bytes");
    }
    assert!(Header::parse(&[bytes, vec![0]].concat()).is_err());
}

#[test]
fn no_vault_costs_more_than_its_backup_may() {
    let cost = Cost {
        memory: 65 * 1024,
        ..Cost::STANDARD
    };
    let (header, _) = create(PASSPHRASE, Kdf::Argon2id(cost)).expect("a good passphrase");
    let kdfs: Vec<Option<Kdf>> = header.slots().map(|(_, kdf, _)| kdf).collect();
    assert_eq!(kdfs, [Some(Kdf::Argon2id(Cost::STANDARD))]);
}

#[test]
fn the_fips_profile_opens_too() {
    let kdf = Kdf::Pbkdf2 {
        iterations: Kdf::PBKDF2_ITERATIONS,
    };
    let (header, key) = create(PASSPHRASE, kdf).expect("a good passphrase");
    let header = Header::parse(&header.to_bytes()).expect("its own bytes");
    assert!(opens(&header, &Factor::Passphrase(PASSPHRASE), &key));
}
