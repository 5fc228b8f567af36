use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use vault::{Failure, Head, Key, RecordId};

use super::Driver;
use crate::browser::store::Store;
use crate::browser::{clock, offline, window};
use crate::problem::StoreProblem;
use crate::session::{Event, Listed, Notice, Vault};
use crate::visit::{SCHEMA, Visit};

impl Driver {
    pub(super) async fn read_vault(self) {
        let header = match Store::open().await {
            Ok(store) => {
                let store = Rc::new(store);
                self.with(|platform| platform.store = Some(store.clone()));
                // Visits whose time is over go before anything is shown; a failed sweep is tried again each minute, and
                // the vault refuses to open them meanwhile.
                let _ = store.sweep(clock::now()).await;
                store.header().await
            }
            Err(why) => Err(why),
        };
        self.apply(match header {
            Ok(header) => Event::VaultRead {
                exists: header.is_some(),
            },
            Err(_) => Event::VaultUnusable,
        });
    }

    /// Makes the vault. Stretching the passphrase keeps the page busy for about a second; it says so first.
    pub fn create_vault(self, passphrase: String, repeated: String) {
        if let Err(why) = vault::strong_enough(&passphrase) {
            return self.apply(Event::VaultRefused(why.to_string()));
        }
        if passphrase != repeated {
            return self.apply(Event::VaultRefused(
                "The two passphrases differ. Type the same one twice.".to_owned(),
            ));
        }
        self.apply(Event::VaultWorking);
        spawn_local(async move {
            clock::let_paint().await;
            match self.make_vault(&passphrase).await {
                Ok(key) => self.unlocked(key),
                Err(why) => self.apply(Event::VaultRefused(why)),
            }
        });
    }

    pub fn unlock(self, passphrase: String) {
        if self.session.with_untracked(|session| session.vault == Vault::Unlocking) {
            return;
        }
        self.apply(Event::VaultWorking);
        spawn_local(async move {
            clock::let_paint().await;
            match self.open_vault(&passphrase).await {
                Ok(key) => self.unlocked(key),
                Err(why) => self.apply(Event::VaultRefused(why)),
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
            match self.read_visit(id).await {
                Ok((head, visit)) => self.apply(Event::VisitOpened {
                    id,
                    revision: head.revision,
                    expires_at: head.expires_at,
                    visit,
                }),
                Err(why) => self.apply(Event::Noticed(Notice::NotOpened(why))),
            }
        });
    }

    pub fn delete_visit(self, id: RecordId) {
        let Some(store) = self.store() else { return };
        spawn_local(async move {
            self.apply(match store.remove(&[id]).await {
                Ok(()) => Event::VisitDeleted(id),
                Err(why) => Event::Noticed(Notice::NotDeleted(why)),
            });
        });
    }

    /// Reads every stored visit for the list: damaged ones are counted and set aside, expired ones are left to the sweep.
    pub(super) async fn list_visits(self) {
        let Some(store) = self.store() else { return };
        let now = clock::now();
        // A failed sweep is tried again each minute; nothing expired opens below.
        let _ = store.sweep(now).await;
        let Ok(records) = store.records().await else { return };
        let mut visits = Vec::new();
        let mut damaged = 0;
        for sealed in records {
            match self.open_sealed(&sealed, now) {
                Ok((head, visit)) => visits.push(listed(head, visit)),
                Err(Failure::Expired) => {}
                Err(_) => damaged += 1,
            }
        }
        visits.sort_by_key(|visit| std::cmp::Reverse(visit.created));
        self.apply(Event::Stored { visits, damaged });
    }

    pub(super) async fn sweep(self, now: u64) {
        let Some(store) = self.store() else { return };
        // Tried again in a minute; nothing expired can be opened meanwhile.
        let _ = store.sweep(now).await;
    }

    /// Stores the open visit: sealed first, since a transaction does not wait for anything else.
    pub(super) fn save(self, revision: u32) {
        let open = self.session.with_untracked(|session| {
            let desk = session.desk.as_ref()?;
            let head = Head {
                id: desk.id,
                schema: SCHEMA,
                revision,
                expires_at: desk.expires_at,
            };
            Some((head, desk.visit.to_bytes()))
        });
        let Some((head, plaintext)) = open else { return };
        let sealed = self.with(|platform| platform.key.as_ref().map(|key| vault::seal(key, &head, &plaintext)));
        spawn_local(async move {
            let stored = match (sealed, self.store()) {
                (Some(Ok(sealed)), Some(store)) => store.put(&head, &sealed).await,
                (Some(Err(why)), _) => Err(StoreProblem::Sealing(why)),
                (None, _) | (_, None) => Err(StoreProblem::Unavailable),
            };
            match stored {
                Ok(()) => self.apply(Event::Saved { id: head.id, revision }),
                Err(why) => self.apply(Event::SaveFailed { id: head.id, why }),
            }
            if revision == 1 {
                offline::persist().await;
            }
        });
    }

    async fn make_vault(self, passphrase: &str) -> Result<Key, String> {
        let store = self.store().ok_or_else(unusable)?;
        let (header, key) = vault::create(passphrase).map_err(|why| why.to_string())?;
        store.keep_header(&header).await.map_err(|why| match why {
            StoreProblem::Conflict => "A vault was made in another tab. Reload the page to unlock it.".to_owned(),
            StoreProblem::Full => "No space left on this device. Free some space, then create the vault.".to_owned(),
            StoreProblem::Unavailable | StoreProblem::Sealing(_) => unusable(),
        })?;
        Ok(key)
    }

    async fn open_vault(self, passphrase: &str) -> Result<Key, String> {
        let store = self.store().ok_or_else(unusable)?;
        let header = store.header().await.map_err(|_| unusable())?.ok_or_else(unusable)?;
        vault::unlock(&header, passphrase).map_err(|why| why.to_string())
    }

    fn unlocked(self, key: Key) {
        self.with(|platform| platform.key = Some(key));
        self.apply(Event::VaultOpened {
            backend: window::backend_choice(),
        });
    }

    async fn read_visit(self, id: RecordId) -> Result<(Head, Visit), Failure> {
        let store = self.store().ok_or(Failure::Damaged)?;
        let now = clock::now();
        // Again: a visit that the sweep could not remove does not open either.
        let _ = store.sweep(now).await;
        let sealed = store
            .record(id)
            .await
            .map_err(|_| Failure::Damaged)?
            .ok_or(Failure::Expired)?;
        let (head, visit) = self.open_sealed(&sealed, now)?;
        // A record under another's name was moved there by hand.
        if head.id == id {
            Ok((head, visit))
        } else {
            Err(Failure::Damaged)
        }
    }

    fn open_sealed(self, sealed: &[u8], now: u64) -> Result<(Head, Visit), Failure> {
        let opened = self.with(|platform| platform.key.as_ref().map(|key| vault::open(key, sealed, now)));
        let (head, plaintext) = opened.ok_or(Failure::WrongPassphrase)??;
        Ok((head, Visit::from_bytes(head.schema, &plaintext)?))
    }

    fn store(self) -> Option<Rc<Store>> {
        self.with(|platform| platform.store.clone())
    }
}

fn listed(head: Head, visit: Visit) -> Listed {
    let stage = visit.stage();
    Listed {
        id: head.id,
        label: visit.label,
        created: visit.created,
        seconds: visit.seconds,
        stage,
        expires_at: head.expires_at,
    }
}

fn unusable() -> String {
    "The browser's storage cannot be used here. Leave the private window, or allow storage for this page, then reload."
        .to_owned()
}
