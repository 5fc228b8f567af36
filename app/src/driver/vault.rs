use language::say;
use leptos::prelude::*;
use leptos::task::spawn_local;
use vault::RecordId;

use super::Driver;
use crate::browser::keeper::Keeper;
use crate::browser::{awake, clock, download, offline, window};
use crate::keeper::Trouble;
use crate::keeper::audit::Moment;
use crate::keeper::protocol::{
    Answer, Card, Class, ClockSeen, List, News, Opened, Part, Request, Saving, Unlocked, VaultSeen,
};
use crate::problem::StoreProblem;
use crate::session::{Event, Listed, Lock, Notice, Vault, VisitList, overstayed};
use crate::settings::Settings;
use crate::visit::{Expiries, SCHEMA, Summary, Visit};
use crate::words::Told;

/// How long a worker that is to be ended may take for its last row of the audit log; milliseconds.
const LAST_ROW: u32 = 500;

impl Driver {
    /// Asks the vault worker. Everything that the screens want of the vault and that is no part of the session goes
    /// through here.
    ///
    /// # Errors
    /// The vault's own reasons; [`Trouble::Stopped`] without a worker.
    pub async fn ask(self, request: Request) -> Result<Answer, Trouble> {
        let asked = self.with(|platform| platform.keeper.as_ref().map(|keeper| keeper.ask(request)));
        match asked {
            Some(answer) => answer.await,
            None => Err(Trouble::Stopped),
        }
    }

    /// Starts the vault worker, or a fresh one in place of the one that held the keys, and looks which vaults are here.
    pub(super) fn start_keeper(self) {
        let keeper = Keeper::start(move |news| self.on_news(news));
        self.with(|platform| platform.keeper = keeper);
        spawn_local(async move {
            if let Err(why) = self.look().await {
                self.apply(Event::VaultUnusable(why));
            }
        });
    }

    /// Finds out which vaults are here, and how they open.
    ///
    /// # Errors
    /// The vault's own reasons, with which it stays as it was known.
    pub async fn look(self) -> Result<(), Trouble> {
        match self.ask(Request::Look).await? {
            Answer::Seen(seen) => self.apply(Event::VaultsSeen(seen)),
            _ => return Err(Trouble::Stopped),
        }
        Ok(())
    }

    /// Makes a vault. Stretching the passphrase takes about a second, in a worker of its own.
    pub fn create_vault(self, name: String, passphrase: String, repeated: String) {
        if let Err(why) = vault::strong_enough(&passphrase) {
            return self.apply(Event::VaultRefused(why.told(self.locale())));
        }
        if passphrase != repeated {
            let differ = say!(self.locale(), trouble.passphrases_differ);
            return self.apply(Event::VaultRefused(differ.to_owned()));
        }
        self.enter(Request::Create { name, passphrase });
    }

    /// With what was typed, or with a passkey; see [`Driver::credential`].
    pub fn unlock(self, vault: VaultSeen, typed: String) {
        if self.session.with_untracked(|session| session.vault == Vault::Unlocking) {
            return;
        }
        spawn_local(async move {
            match self.credential(&vault, typed).await {
                Ok(with) => self.enter(Request::Unlock { vault: vault.id, with }),
                Err(why) => self.apply(Event::VaultRefused(why.told(self.locale()))),
            }
        });
    }

    pub fn start_visit(self) {
        match RecordId::random() {
            Ok(id) => self.apply(Event::VisitStarted { id, now: clock::now() }),
            Err(_) => self.apply(Event::Noticed(Notice::NoRandom)),
        }
    }

    pub fn open_visit(self, id: RecordId) {
        spawn_local(async move {
            let opened = match self.ask(Request::Open { note: id.into() }).await {
                Ok(Answer::Opened(opened)) => {
                    let (sound, damaged) = (opened.sound, opened.damaged);
                    read(opened).map(|visit| (visit, sound, damaged))
                }
                Ok(_) => Err(Trouble::Stopped),
                Err(why) => Err(why),
            };
            let damaged = matches!(opened, Ok((.., true)));
            self.apply(match opened {
                Ok(((card, expiries, visit), sound, _)) => Event::VisitOpened {
                    id,
                    revision: card.revision,
                    expiries,
                    held: card.held,
                    visit: Box::new(visit),
                    sound,
                },
                Err(why) => Event::Noticed(Notice::NotOpened(why)),
            });
            if damaged {
                self.apply(Event::Noticed(Notice::WordsDamaged));
            }
        });
    }

    /// For good; with a certificate, which is saved as a file.
    pub fn delete_visit(self, id: RecordId, certified: bool) {
        let request = Request::Delete {
            note: id.into(),
            certified,
        };
        spawn_local(async move {
            let answer = self.ask(request).await;
            if let Ok(Answer::Certificate(text)) = &answer {
                let name = format!("sotto-certificate-{}.txt", clock::stamp(clock::now()));
                download::save(&name, "text/plain;charset=utf-8", text.as_bytes());
            }
            self.apply(match answer {
                Ok(_) => Event::VisitDeleted(id),
                Err(why) => Event::Noticed(Notice::NotDeleted(why)),
            });
        });
    }

    pub(super) async fn list_visits(self) {
        // A list that cannot be read stays as it is; what cannot be stored says so by itself.
        if let Ok(Answer::List(list)) = self.ask(Request::List).await {
            self.listed(list);
        }
    }

    /// Removes what is over, whether the vault is open or locked. A failed sweep is tried again in a minute; nothing that
    /// is over opens meanwhile.
    pub(super) fn sweep(self) {
        spawn_local(async move {
            if let Ok(Answer::Swept(clock)) = self.ask(Request::Sweep).await {
                self.clock_seen(clock);
            }
        });
    }

    /// Stores the open visit; its words only when they are others than those stored last.
    pub(super) fn save(self, revision: u32) {
        let open = self.session.with_untracked(|session| {
            let desk = session.desk.as_ref()?;
            let words = desk.visit.words_bytes();
            Some((
                desk.id,
                desk.expiries,
                desk.visit.summary(),
                desk.visit.note_bytes(),
                words,
            ))
        });
        let Some((id, expiries, summary, note, words)) = open else {
            return;
        };
        let mark = (id, digest(&words));
        let part = |class, expires_at, bytes| Part {
            class,
            schema: SCHEMA,
            expires_at,
            bytes,
        };
        let mut parts = vec![part(Class::Note, expiries.note, note)];
        if self.with(|platform| platform.words_stored != Some(mark)) {
            parts.push(part(Class::Transcript, expiries.words, words));
        }
        let saving = Saving {
            note: id.into(),
            revision,
            summary: summary.to_bytes(),
            parts,
        };
        spawn_local(async move {
            match self.ask(Request::Save(saving)).await {
                Ok(_) => {
                    self.with(|platform| platform.words_stored = Some(mark));
                    self.apply(Event::Saved { id, revision });
                }
                Err(why) => self.apply(Event::SaveFailed {
                    id,
                    why: why.in_store(),
                }),
            }
            if revision == 1 {
                offline::persist().await;
            }
        });
    }

    /// Keeps what the person chose for this vault.
    pub fn write_settings(self, settings: Settings) {
        let request = Request::WriteSettings(settings.to_bytes());
        spawn_local(async move {
            self.apply(match self.ask(request).await {
                Ok(_) => Event::SettingsChanged(settings),
                Err(why) => Event::Noticed(Notice::NotSaved(why.in_store())),
            });
        });
    }

    /// Locks what nobody sits at any more.
    pub(super) fn watch_idle(self) {
        if self.session.with_untracked(|session| session.vault != Vault::Open) {
            return;
        }
        let minutes = self.session.with_untracked(|session| session.settings.idle_minutes);
        let (touched, opened_at) = self.with(|platform| (platform.touched, platform.opened_at));
        // Both clocks: the monotonic one may stand still while the device sleeps, the other one can be set back.
        let by_one = (clock::monotonic() - touched.monotonic).max(0.0) / 1_000.0;
        let by_other = clock::now().saturating_sub(touched.wall);
        let untouched = by_other.max(by_one as u64);
        if let Some(why) = overstayed(untouched, clock::now().saturating_sub(opened_at), minutes) {
            self.apply(Event::Left(why));
        }
    }

    pub(super) fn on_sight(self, hidden: bool) {
        self.sweep();
        if !hidden {
            awake::keep_screen_on();
        }
        let lock = self.session.with_untracked(|session| session.settings.lock_when_hidden);
        if hidden && lock {
            self.apply(Event::Left(Lock::OutOfSight));
        }
    }

    /// Ends the worker that holds the keys, as soon as it has written that down.
    pub(super) fn forget_key(self, why: Lock) {
        let keeper = self.with(|platform| {
            platform.words_stored = None;
            platform.clock = ClockSeen::default();
            platform.keeper.take()
        });
        if let Some(keeper) = keeper {
            spawn_local(async move {
                let locked = Moment::new(vault::audit::Event::Locked, None, why as u32);
                // Half a second at most: what matters is that the keys go.
                let _ = clock::within(LAST_ROW, keeper.ask(Request::Log(locked))).await;
                drop(keeper);
            });
        }
        self.start_keeper();
    }

    fn enter(self, request: Request) {
        self.apply(Event::VaultWorking);
        spawn_local(async move {
            match self.ask(request).await {
                Ok(Answer::Unlocked(unlocked)) => self.unlocked(unlocked),
                Ok(_) => self.apply(Event::VaultRefused(Trouble::Stopped.told(self.locale()))),
                Err(why) => {
                    self.apply(Event::VaultRefused(why.told(self.locale())));
                    // What stopped half-way may have left another door than the one that was knocked at.
                    let _ = self.look().await;
                }
            }
        });
    }

    fn unlocked(self, unlocked: Unlocked) {
        self.with(|platform| {
            platform.opened_at = clock::now();
            platform.touched = clock::moment();
        });
        let settings = unlocked.settings.as_deref().map(Settings::from_bytes);
        let settings = settings.unwrap_or_default();
        let chosen = ::language::of_tag(&settings.language);
        self.apply(Event::VaultOpened {
            backend: window::backend_choice(),
            settings,
        });
        match chosen {
            Some(locale) => self.language.set(locale),
            // What was chosen at the door of a vault that knows none yet is its language from now on.
            None if self.locale() != window::language() => self.speak(self.locale()),
            None => {}
        }
        self.listed(unlocked.list);
        self.clock_seen(unlocked.clock);
        // The door must know this vault when it is locked again, and a new one is known only now.
        spawn_local(async move {
            // Until the next look the door is as it was.
            let _ = self.look().await;
        });
    }

    fn listed(self, list: List) {
        self.apply(Event::Stored {
            visits: VisitList::new(list.cards.iter().map(listed).collect()),
            damaged: list.damaged as usize,
            interrupted: list.interrupted,
        });
    }

    pub(super) fn clock_seen(self, clock: ClockSeen) {
        // Once, not with every minute's sweep.
        if self.with(|platform| std::mem::replace(&mut platform.clock, clock)) == clock {
            return;
        }
        if clock.back {
            self.apply(Event::Noticed(Notice::ClockBack));
        } else if clock.held {
            self.apply(Event::Noticed(Notice::PurgeHeld));
        }
    }

    fn on_news(self, news: News) {
        match news {
            News::Changed if self.session.with_untracked(|session| session.vault == Vault::Open) => {
                spawn_local(self.list_visits());
            }
            News::Changed => {}
            News::Kept(kept) => self.apply(Event::SoundKept {
                id: kept.note.into(),
                samples: kept.samples,
                trouble: kept.trouble,
            }),
            News::Shut => self.apply(Event::Shut),
        }
    }
}

fn listed(card: &Card) -> Listed {
    let summary = Summary::from_bytes(&card.summary);
    Listed {
        id: card.note.into(),
        label: summary.label,
        created: summary.created,
        seconds: summary.seconds,
        stage: summary.stage,
        expires_at: card.expires_at,
        held: card.held,
    }
}

pub(super) fn read(opened: Opened) -> Result<(Card, Expiries, Visit), Trouble> {
    let part = |class| opened.parts.iter().find(|part| part.class == class);
    let note = part(Class::Note).ok_or(Trouble::Store(StoreProblem::Unavailable))?;
    let words = part(Class::Transcript);
    let visit = Visit::from_parts(
        (note.schema, &note.bytes),
        words.map(|part| (part.schema, part.bytes.as_slice())),
    )?;
    let expiries = Expiries {
        note: note.expires_at,
        words: words.map_or(note.expires_at, |part| part.expires_at),
    };
    Ok((opened.card, expiries, visit))
}

/// Tells whether words changed; nothing depends on it but a write that can be spared.
fn digest(words: &[u8]) -> u64 {
    use std::hash::{DefaultHasher, Hasher};
    let mut hasher = DefaultHasher::new();
    hasher.write(words);
    hasher.finish()
}
