use std::pin::Pin;

use language::say;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{Secret, text};
use crate::driver::Driver;
use crate::keeper::Trouble;
use crate::keeper::protocol::{Answer, Credential, Request, VaultSeen, Way};
use crate::words::Told;

/// What to say.
type Outcome = Result<String, String>;

/// What is done with the proof.
type Act = Box<dyn FnOnce(Credential) -> Doing>;

type Doing = Pin<Box<dyn Future<Output = Outcome>>>;

/// What was typed to show who asks, and what there is to say about it.
#[derive(Clone, Copy)]
pub struct Proof {
    driver: Driver,
    /// The open vault, with its ways in.
    pub vault: RwSignal<Option<VaultSeen>>,
    pub typed: RwSignal<String>,
    /// What came of it, or how far it has come.
    pub said: RwSignal<Option<String>>,
    pub busy: RwSignal<bool>,
}

impl Proof {
    pub fn new(driver: Driver) -> Self {
        let proof = Self {
            driver,
            vault: RwSignal::new(None),
            typed: RwSignal::new(String::new()),
            said: RwSignal::new(None),
            busy: RwSignal::new(false),
        };
        spawn_local(proof.look());
        proof
    }

    /// Reads the ways in.
    async fn look(self) {
        if let Ok(Answer::Ways(found)) = self.driver.ask(Request::Ways).await {
            self.vault.set(Some(found));
        }
    }

    /// Does something that needs the passphrase; one at a time, and what came of it is said.
    pub fn with<F: Future<Output = Outcome> + 'static>(self, act: impl FnOnce(Credential) -> F + 'static) {
        self.run(Box::new(move |credential| -> Doing { Box::pin(act(credential)) }));
    }

    /// Not generic: each task would bring its own copy of asking for a passkey.
    fn run(self, act: Act) {
        let Some(vault) = self.vault.get_untracked() else {
            return;
        };
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.said.set(None);
        spawn_local(async move {
            let said = match self.driver.credential(&vault, self.typed.get_untracked()).await {
                Ok(credential) => act(credential).await,
                Err(why) => Err(why.told(self.driver.locale())),
            };
            if said.is_ok() {
                self.typed.set(String::new());
                self.look().await;
                // The door must not offer what opens no more.
                let _ = self.driver.look().await;
            }
            self.said.set(Some(said.unwrap_or_else(|why| why)));
            self.busy.set(false);
        });
    }

    /// The same for one request.
    pub fn ask(
        self,
        request: impl FnOnce(Credential) -> Request + 'static,
        done: impl FnOnce(Answer) -> String + 'static,
    ) {
        let driver = self.driver;
        let act = move |credential| {
            let asked = driver.ask(request(credential));
            async move { asked.await.map(done).map_err(|why: Trouble| why.told(driver.locale())) }
        };
        self.with(act);
    }

    fn label(self) -> String {
        let has = |wanted: fn(&Way) -> bool| {
            self.vault
                .with(|vault| vault.as_ref().is_some_and(|vault| vault.ways.iter().any(wanted)))
        };
        let l = self.driver.locale();
        let code = has(|way| *way == Way::Recovery);
        let passkey = has(|way| matches!(way, Way::Passkey { .. }));
        let label = match (code, passkey) {
            (false, false) => say!(l, vault.proof),
            (true, false) => say!(l, vault.proof_code),
            (false, true) => say!(l, vault.proof_passkey),
            (true, true) => say!(l, vault.proof_code_passkey),
        };
        label.to_owned()
    }
}

/// Where the proof is typed.
#[component]
pub fn ProofField(proof: Proof, test: &'static str) -> impl IntoView {
    view! { <Secret label=text(move || proof.label()) test value=proof.typed /> }
}

/// What came of it.
#[component]
pub fn Said(proof: Proof, test: &'static str) -> impl IntoView {
    view! { <p role="status" data-test=test>{proof.said}</p> }
}
