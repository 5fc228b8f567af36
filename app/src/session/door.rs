use super::{After, Command, Lock, Notice, Session, Vault, VisitList};
use crate::keeper::protocol::Seen;
use crate::settings::Settings;

/// However busy somebody is, a vault is open for no longer; seconds.
const LONGEST_SESSION: u64 = 12 * 3_600;

/// Whether an open vault is to be locked by itself: after so many seconds without a touch, and so many since it was opened.
pub fn overstayed(untouched: u64, open: u64, idle_minutes: u32) -> Option<Lock> {
    if open >= LONGEST_SESSION {
        Some(Lock::LongestSession)
    } else {
        (untouched >= u64::from(idle_minutes) * 60).then_some(Lock::Idle)
    }
}

/// What happens before the vault is open, and when it is locked.
impl Session {
    pub(super) fn vaults_seen(&mut self, seen: Seen) -> Vec<Command> {
        self.vaults = seen.vaults;
        self.purge = seen.purge;
        self.emptied = seen.emptied;
        match self.vault {
            Vault::Unread if self.vaults.is_empty() => self.vault_is(Vault::Absent { refused: None }),
            Vault::Unread => self.vault_is(Vault::Locked { refused: None }),
            // Whoever is at the door stays at it, unless all that was behind it is gone.
            Vault::Locked { .. } if self.vaults.is_empty() => self.vault_is(Vault::Absent { refused: None }),
            Vault::Absent { .. }
            | Vault::Locked { .. }
            | Vault::Creating
            | Vault::Unlocking
            | Vault::Open
            | Vault::Unusable(_) => vec![],
        }
    }

    /// Between making another vault and opening one that is there.
    pub(super) fn choose(&mut self, vault: Vault) -> Vec<Command> {
        if matches!(self.vault, Vault::Locked { .. } | Vault::Absent { .. }) && !self.vaults.is_empty() {
            self.vault = vault;
        }
        vec![]
    }

    pub(super) fn vault_is(&mut self, vault: Vault) -> Vec<Command> {
        if self.vault != Vault::Open {
            self.vault = vault;
        }
        vec![]
    }

    pub(super) fn vault_works(&mut self) -> Vec<Command> {
        match self.vault {
            Vault::Absent { .. } => self.vault = Vault::Creating,
            Vault::Locked { .. } => self.vault = Vault::Unlocking,
            Vault::Unread | Vault::Creating | Vault::Unlocking | Vault::Open | Vault::Unusable(_) => {}
        }
        vec![]
    }

    pub(super) fn vault_refused(&mut self, why: String) -> Vec<Command> {
        match self.vault {
            Vault::Absent { .. } | Vault::Creating => self.vault = Vault::Absent { refused: Some(why) },
            Vault::Locked { .. } | Vault::Unlocking => self.vault = Vault::Locked { refused: Some(why) },
            Vault::Unread | Vault::Open | Vault::Unusable(_) => {}
        }
        vec![]
    }

    pub(super) fn lock(&mut self, why: Lock) -> Vec<Command> {
        let mut commands = self.clear_desk(why == Lock::ByHand);
        self.visits = VisitList::default();
        self.interrupted.clear();
        self.damaged = 0;
        self.notice = None;
        self.settings = Settings::default();
        self.after_save = After::Stay;
        self.vault = Vault::Locked { refused: None };
        commands.extend(self.engine.stop());
        commands.push(Command::ForgetKey(why));
        commands
    }

    /// What is not stored stays on the screen, to be copied.
    pub(super) fn shut(&mut self) -> Vec<Command> {
        let told = Command::Notify(Notice::ShutElsewhere);
        if self.vault != Vault::Open || self.holds_unsaved() {
            return vec![told];
        }
        let mut commands = self.lock(Lock::ByHand);
        commands.push(told);
        commands
    }
}
