//! Opening, locking, and what has an end date while it is open.

use super::*;

#[test]
fn a_wrong_passphrase_leaves_the_same_door_shut() {
    let mut session = Session::default();
    for (exists, shut) in [
        (
            true,
            Vault::Locked {
                refused: Some("no".to_owned()),
            },
        ),
        (
            false,
            Vault::Absent {
                refused: Some("no".to_owned()),
            },
        ),
    ] {
        let _ = session.apply(Event::VaultsSeen(seen(u8::from(exists))));
        let _ = session.apply(Event::VaultWorking);
        let _ = session.apply(Event::VaultRefused("no".to_owned()));
        assert_eq!(session.vault, shut);
        let _ = session.apply(Event::VisitStarted { id: ID, now: 0 });
        assert!(session.desk.is_none());
    }
}

#[test]
fn another_vault_is_made_beside_the_ones_that_are_there() {
    let mut session = Session::default();
    let _ = session.apply(Event::NewVaultPressed);
    assert_eq!(session.vault, Vault::Unread, "nobody knows yet what is there");
    let _ = session.apply(Event::VaultsSeen(seen(1)));
    assert_eq!(session.vault, Vault::Locked { refused: None });
    let _ = session.apply(Event::NewVaultPressed);
    assert_eq!(session.vault, Vault::Absent { refused: None });
    let _ = session.apply(Event::VaultsSeen(seen(1)));
    assert_eq!(
        session.vault,
        Vault::Absent { refused: None },
        "a look does not interrupt"
    );
    let _ = session.apply(Event::NewVaultGivenUp);
    assert_eq!(session.vault, Vault::Locked { refused: None });
}

#[test]
fn a_page_that_was_left_locks_unless_that_would_lose_something() {
    let mut world = World::listening(Backend::Cpu);
    world.apply(Event::Left(Lock::Idle));
    assert_eq!(world.session.vault, Vault::Open, "a recording goes on");
    assert_eq!(world.session.notice, None, "and nobody is there to be told");

    let mut world = World::with_visit();
    world.apply(Event::Edited(Edit::Label("Room 2".to_owned())));
    world.apply(Event::Left(Lock::Idle));
    assert_eq!(world.session.vault, Vault::Open, "stored first");
    let revision = *world.saves.last().expect("it is being stored");
    world.apply(Event::Saved { id: ID, revision });
    assert_eq!(world.session.vault, Vault::Locked { refused: None });
    assert!(world.session.desk.is_none());
}

#[test]
fn a_vault_is_open_for_so_long_and_no_longer() {
    assert_eq!(overstayed(299, 300, 5), None);
    assert_eq!(overstayed(300, 300, 5), Some(Lock::Idle));
    assert_eq!(overstayed(0, 12 * 3_600 - 1, 5), None);
    assert_eq!(overstayed(0, 12 * 3_600, 60), Some(Lock::LongestSession));
}

#[test]
fn an_open_visit_ends_at_its_date_unless_it_is_held() {
    let mut world = World::with_visit();
    let over = world.session.desk.as_ref().expect("a visit is open").expiries.note;
    world.apply(Event::Held { id: ID, held: true });
    world.apply(Event::Tick { now: over });
    assert!(world.session.desk.is_some(), "under legal hold");
    world.apply(Event::Held { id: ID, held: false });
    world.apply(Event::Tick { now: over - 1 });
    assert!(world.session.desk.is_some(), "not yet");
    world.apply(Event::Tick { now: over });
    assert!(world.session.desk.is_none());
    assert_eq!(world.session.notice, Some(Notice::Expired));
}

#[test]
fn a_vault_that_was_shut_elsewhere_keeps_what_is_not_stored_on_the_screen() {
    let mut world = World::unlocked();
    world.apply(Event::Shut);
    assert_eq!(world.session.vault, Vault::Locked { refused: None });

    let mut world = World::with_visit();
    world.apply(Event::Edited(Edit::Label("Room 2".to_owned())));
    world.apply(Event::Shut);
    assert_eq!(world.session.vault, Vault::Open);
    assert_eq!(world.session.notice, Some(Notice::ShutElsewhere));
}
