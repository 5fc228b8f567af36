//! What the browser and the device do, each at its turn.

use super::super::*;
use super::room::{Message, Opening, Order, Room, Tap};
use super::step::Browser;

impl Room {
    pub fn browser(&mut self, place: u8, step: Browser) {
        match step {
            Browser::Reads => return self.reads(),
            Browser::FileRefused if self.recorder() == Some(Recorder::Reading) => {
                // A recovered recording is no file that can be refused.
                if self.session.desk.as_ref().is_some_and(|desk| !desk.sound.is_kept) && self.tape.is_empty() {
                    self.file = None;
                    self.mic(MicEvent::FileRefused(Notice::NoRandom));
                }
                return;
            }
            _ => {}
        }
        let Some(take) = self.openings.keys().nth(usize::from(place)).copied() else {
            return;
        };
        match (step, self.openings[&take].clone()) {
            // One that was given up is let go at the next step.
            (Browser::Opens, Opening::Asked | Opening::Allowed) if !self.session.awaits(take) => {
                self.openings.remove(&take);
            }
            (Browser::Opens, Opening::Asked) => drop(self.openings.insert(take, Opening::Allowed)),
            (Browser::Opens, Opening::Allowed) => self.begins_journal(take),
            (Browser::Opens, Opening::Connecting { kept }) => {
                if kept && self.session.awaits(take) {
                    self.disk.line = Some(take);
                }
                let tap = Tap {
                    enabled: true,
                    ..Tap::default()
                };
                self.openings.insert(take, Opening::Open(tap));
                self.mic(MicEvent::Opened(take));
            }
            (Browser::Fails | Browser::Unplugged, Opening::Asked | Opening::Connecting { .. }) => {
                self.openings.remove(&take);
                self.mic(MicEvent::Refused(take, MicProblem::Missing));
            }
            (Browser::Unplugged, Opening::Open(_)) => self.mic(MicEvent::Gone(take)),
            (Browser::Obeys | Browser::Hears | Browser::Tells | Browser::TimesOut, Opening::Open(tap)) => {
                self.tap(take, tap, step);
            }
            _ => {}
        }
    }

    /// The answer comes late: meanwhile the person may have given it up, or be in another visit.
    fn begins_journal(&mut self, take: Take) {
        let desk = self.session.desk.as_ref().filter(|desk| desk.begins_sound());
        let Some(id) = desk.map(|desk| desk.id) else {
            self.openings.insert(take, Opening::Connecting { kept: false });
            return;
        };
        let begun = self.disk.begin(id);
        self.openings.insert(take, Opening::Connecting { kept: begun.is_ok() });
        self.apply(match begun {
            Ok(()) => Event::SoundBegun(id),
            Err(why) => Event::SoundKept {
                id,
                samples: 0,
                trouble: Some(why),
            },
        });
    }

    fn tap(&mut self, take: Take, mut tap: Tap, step: Browser) {
        let (mut told, mut times_out) = (None, false);
        match step {
            Browser::Obeys => match tap.orders.pop_front() {
                Some(Order::Flush) => {
                    tap.deaf = true;
                    tap.sent.push_back(Message::Flushed);
                }
                Some(Order::Listen) => tap.deaf = false,
                None => {}
            },
            Browser::Hears if tap.enabled && !tap.deaf => {
                let note = self.open().expect("whoever records has a visit open");
                self.blocks += 1;
                self.taken.entry(note).or_default().push(self.blocks);
                tap.sent.push_back(Message::Block(self.blocks));
                self.disk.hear(take, self.blocks);
            }
            // What waits for the page is read before its patience is over.
            Browser::TimesOut if tap.closing && tap.sent.is_empty() => times_out = true,
            Browser::Tells => told = tap.sent.pop_front(),
            _ => {}
        }
        self.openings.insert(take, Opening::Open(tap));
        if times_out {
            self.flushed(take, u32::MAX);
        }
        match told {
            Some(Message::Block(block)) if self.recorder().is_some_and(|recorder| recorder.hears(take)) => {
                self.push(block);
            }
            Some(Message::Flushed) => self.flushed(take, 1),
            Some(Message::Block(_)) | None => {}
        }
    }

    fn reads(&mut self) {
        let Some(file) = &mut self.file else { return };
        match file.pop_front() {
            Some(block) => self.push(block),
            None => {
                self.file = None;
                self.end_utterance();
                self.mic(MicEvent::FileEnded);
            }
        }
    }
}
