//! Whoever asks for what a passphrase protects is asked for it again, and guessing is slowed down wherever it is tried.

use vault::audit::Event;
use vault::header::Kind;
use vault::throttle::Throttle;
use vault::{VaultId, VaultKey};

use super::audit::Moment;
use super::door::bring;
use super::errand::{self, Brought};
use super::protocol::{Credential, Errand};
use super::{Keeper, Trouble, state};

impl Keeper {
    /// The key of the open vault, for one task.
    ///
    /// # Errors
    /// [`Trouble::Locked`], [`Trouble::Wait`], [`Trouble::Wrong`]; those of the store.
    pub(super) async fn prove(&mut self, now: u64, proof: Credential) -> Result<VaultKey, Trouble> {
        let (_, hearth) = self.parts()?;
        let (vault, header, kind) = (hearth.vault(), hearth.header.to_bytes(), errand::kind(&proof));
        let brought = self
            .guarded(now, vault, kind, Errand::Unlock { header, with: proof })
            .await?;
        errand::key(&brought)
    }

    /// Runs an errand that only the right secret gets through. A wrong one is counted, and has a row in the audit log.
    ///
    /// # Errors
    /// [`Trouble::Wait`] after too many wrong ones, [`Trouble::Wrong`]; those of the store.
    pub(super) async fn guarded(
        &mut self,
        now: u64,
        vault: VaultId,
        kind: Kind,
        sent: Errand,
    ) -> Result<Brought, Trouble> {
        let throttle = state::throttle(self.store()?, vault).await?;
        let wait = throttle.wait(now);
        if wait > 0 {
            return Err(Trouble::Wait(wait));
        }
        match bring(sent).await {
            Ok(brought) => {
                let right = state::put_throttle(vault, Throttle::default());
                self.store()?.commit(None, &[right]).await?;
                Ok(brought)
            }
            Err(Trouble::Wrong(why)) => {
                self.count_failure(now, vault, kind, throttle).await?;
                Err(Trouble::Wrong(why))
            }
            Err(why) => Err(why),
        }
    }

    async fn count_failure(&mut self, now: u64, vault: VaultId, kind: Kind, throttle: Throttle) -> Result<(), Trouble> {
        let counted = state::put_throttle(vault, throttle.failed(now));
        if let Ok((store, hearth)) = self.parts()
            && hearth.vault() == vault
        {
            let entry = (Event::UnlockFailed, None, kind as u32);
            return hearth.commit(store, None, vec![counted], &[entry], now).await;
        }
        let store = self.store()?;
        let moment = Moment::new(Event::UnlockFailed, None, kind as u32);
        let late = state::add_late(store, vault, [(now, moment)]).await?;
        Ok(store.commit(None, &[counted, late]).await?)
    }
}
