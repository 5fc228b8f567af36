use leptos::prelude::*;
use leptos::task::spawn_local;
use vault::{RecordId, RecoveryCode};

use super::Driver;
use crate::browser::download::Saving;
use crate::browser::file::AnyFile;
use crate::browser::{clock, passkey};
use crate::keeper::Trouble;
use crate::keeper::protocol::{Answer, Credential, Leaving, Packed, Request, Restored, VaultSeen, Way};
use crate::problem::PasskeyProblem;
use crate::readable;
use crate::session::{Event, Notice};
use crate::settings::Settings;
use crate::words::Told;

/// A file is handed to the vault in pieces of as many bytes.
const PIECE: u64 = 1 << 20;

/// As what everything is saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Encrypted; the only one that can be taken in again.
    Backup,
    /// To be read by anyone.
    Text,
    /// The same for programs, with the settings and the audit log.
    Json,
}

impl Form {
    fn ending(self) -> &'static str {
        match self {
            Form::Backup => "sottobak",
            Form::Text => "txt",
            Form::Json => "json",
        }
    }
}

impl Driver {
    /// What opens a vault, from what was typed: a recovery code where the vault has one and the check character fits,
    /// nothing at all for a passkey, and anything else is the passphrase, with the passkey that goes with it if there is one.
    ///
    /// # Errors
    /// [`PasskeyProblem`].
    pub async fn credential(self, vault: &VaultSeen, typed: String) -> Result<Credential, PasskeyProblem> {
        if vault.ways.contains(&Way::Recovery) && RecoveryCode::parse(&typed).is_ok() {
            return Ok(Credential::Recovery(typed));
        }
        let with_passphrase = !typed.is_empty();
        let passkeys: Vec<Vec<u8>> = vault
            .ways
            .iter()
            .filter_map(|way| match way {
                Way::Passkey { credential } if !with_passphrase => Some(credential.clone()),
                Way::Both { credential } if with_passphrase => Some(credential.clone()),
                Way::Passkey { .. } | Way::Both { .. } | Way::Passphrase | Way::Recovery => None,
            })
            .collect();
        if passkeys.is_empty() {
            return Ok(Credential::Passphrase(typed));
        }
        let output = passkey::ask(&passkeys, &vault.prf_salt).await?.output;
        Ok(if with_passphrase {
            Credential::Both {
                passphrase: typed,
                output,
            }
        } else {
            Credential::Passkey { output }
        })
    }

    /// Puts a stored visit under legal hold, or lifts it.
    pub fn hold_visit(self, id: RecordId, held: bool) {
        spawn_local(async move {
            let note = id.into();
            self.apply(match self.ask(Request::Hold { note, held }).await {
                Ok(_) => Event::Held { id, held },
                Err(why) => Event::Noticed(Notice::NotHeld(why)),
            });
        });
    }

    /// Somebody says that the device's clock is right.
    pub fn confirm_clock(self) {
        spawn_local(async move {
            match self.ask(Request::ConfirmClock).await {
                Ok(Answer::Swept(clock)) => {
                    self.apply(Event::NoticeRead);
                    self.clock_seen(clock);
                    self.list_visits().await;
                }
                Ok(_) => {}
                Err(why) => self.apply(Event::Noticed(Notice::ClockNotConfirmed(why))),
            }
        });
    }

    /// Everything in the vault becomes one file; `progress` hears how many bytes there are so far.
    ///
    /// # Errors
    /// The vault's own reasons.
    pub async fn save_everything(
        self,
        proof: Credential,
        form: Form,
        progress: impl Fn(u64),
    ) -> Result<Packed, Trouble> {
        let (leaving, name, media_type) = match form {
            Form::Backup => (Leaving::Sealed, "backup", "application/octet-stream"),
            Form::Text => (Leaving::Readable, "everything", "text/plain;charset=utf-8"),
            Form::Json => (Leaving::Readable, "everything", "application/json"),
        };
        self.ask(Request::Pack { proof, form: leaving }).await?;
        let mut saving = Saving::default();
        let (mut not_opened, mut damaged) = (0, 0);
        if form != Form::Backup {
            not_opened = self.add_readable(form, &mut saving, &progress).await?;
            // What is damaged is not on the list.
            damaged = self.session.with_untracked(|session| session.damaged) as u32;
        }
        loop {
            match self.ask(Request::PackNext).await? {
                Answer::Piece(bytes) => progress(saving.add(&bytes)),
                Answer::Packed(packed) => {
                    let (stamp, ending) = (clock::stamp(clock::now()), form.ending());
                    saving.finish(&format!("sotto-{name}-{stamp}.{ending}"), media_type);
                    return Ok(Packed {
                        count: packed.count.saturating_sub(not_opened),
                        left_out: packed.left_out + not_opened + damaged,
                    });
                }
                _ => return Err(Trouble::Stopped),
            }
        }
    }

    /// Note after note, newest first; how many do not open.
    async fn add_readable(self, form: Form, saving: &mut Saving, progress: &impl Fn(u64)) -> Result<u32, Trouble> {
        let now = clock::now();
        let text = form == Form::Text;
        let front = if text {
            readable::text_front(now, clock::date_and_time).into_bytes()
        } else {
            let Answer::Log(log) = self.ask(Request::ReadLog).await? else {
                return Err(Trouble::Stopped);
            };
            let Answer::Consents(consents) = self.ask(Request::Consents).await? else {
                return Err(Trouble::Stopped);
            };
            let rows: Vec<_> = log.rows.iter().filter_map(|row| row.to_row()).collect();
            let settings = self.session.with_untracked(|session| session.settings.clone());
            readable::json_front(now, &rows, &consents, &settings)
        };
        saving.add(&front);
        let visits = self.session.with_untracked(|session| session.visits.clone());
        let (mut written, mut left_out) = (0, 0);
        for visit in visits.iter() {
            let note = visit.id.into();
            let opened = match self.ask(Request::PackNote { note }).await {
                Ok(Answer::Opened(opened)) if text => {
                    readable::text(&opened, clock::date_and_time).map(String::into_bytes)
                }
                Ok(Answer::Opened(opened)) => readable::json(&opened, written == 0),
                // Locked, or stopped: what is not whole is not saved.
                Err(why @ (Trouble::Locked | Trouble::Stopped)) => return Err(why),
                Ok(_) | Err(_) => None,
            };
            match opened {
                Some(bytes) => {
                    progress(saving.add(&bytes));
                    written += 1;
                }
                None => left_out += 1,
            }
        }
        if !text {
            saving.add(readable::JSON_END.as_bytes());
        }
        Ok(left_out)
    }

    /// Takes a backup in, all of it or nothing; `progress` hears how many bytes were read.
    ///
    /// # Errors
    /// What to say: in the vault's words, or why the file or the passkey could not be used.
    pub async fn restore(self, file: AnyFile, secret: String, progress: impl Fn(u64)) -> Result<Restored, String> {
        let l = self.locale();
        let said = |why: Trouble| why.told(l);
        let mut bytes = file.read(0, PIECE).await.map_err(|why| why.told(l))?;
        let beginning = bytes[..bytes.len().min(vault::backup::LONGEST_HEADER)].to_vec();
        let Answer::Ways(backup) = self.ask(Request::LookInto(beginning)).await.map_err(said)? else {
            return Err(Trouble::Stopped.told(l));
        };
        let with = self.credential(&backup, secret).await.map_err(|why| why.told(l))?;
        let mut read = bytes.len() as u64;
        let mut request = Request::Restore { beginning: bytes, with };
        loop {
            self.ask(request).await.map_err(said)?;
            progress(read);
            if read >= file.size() {
                break;
            }
            bytes = match file.read(read, PIECE).await {
                Ok(bytes) => bytes,
                Err(why) => {
                    // What came in goes at the next unlocking if not now.
                    let _ = self.ask(Request::RestoreStop).await;
                    return Err(why.told(l));
                }
            };
            read += bytes.len() as u64;
            request = Request::RestoreNext(bytes);
        }
        let Answer::Restored(restored) = self.ask(Request::RestoreEnd).await.map_err(said)? else {
            return Err(Trouble::Stopped.told(l));
        };
        if let Ok(Answer::Settings(Some(settings))) = self.ask(Request::ReadSettings).await {
            self.apply(Event::SettingsChanged(Settings::from_bytes(&settings)));
        }
        self.list_visits().await;
        Ok(restored)
    }
}
