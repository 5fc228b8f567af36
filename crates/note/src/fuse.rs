//! Questions are not findings; a question and its answer are.

use speech::Speaker;

use crate::clean::{capitalise, is_hallucination, lead_in, says_nothing_of};
use crate::lexicon::{Sense, matches};
use crate::sentences::Sentence;
use crate::words::Token;
use crate::{Presence, Reply};

mod answer;
mod question;

use answer::{Answer, Lead};
use question::Asked;

/// A sentence, or a question and its answer in one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fused {
    pub tokens: Vec<Token>,
    pub speaker: Option<Speaker>,
    /// Nobody answered it.
    pub question: bool,
    pub reply: Option<Reply>,
    /// How many of the first words were asked, and whether the answer affirms them.
    pub asked: usize,
    pub presence: Presence,
    /// What the talk is about, where the words do not name it.
    pub topic: Vec<Token>,
}

/// An answer longer than this says enough by itself, without its question. In words.
const SHORT_ANSWER: usize = 6;

/// No one answers more questions at once.
const MOST_ASKED: usize = 24;

/// After as many statements without a finding nobody knows what "it" is.
const TOPIC_LIFE: usize = 5;

/// A question may lean on a topic that is this near: any further, and it may be another.
const TOPIC_NEAR: usize = 2;

/// A conversation so far. Puts each question and its answer into one: `any fever? no` becomes `Denies fever`; what is less
/// plain stays in its own words.
#[derive(Clone, Debug, Default)]
pub(crate) struct Talk {
    /// Nothing that follows changes these.
    done: Vec<Fused>,
    /// Asked in one breath, and not answered yet.
    waiting: Vec<Sentence>,
    topic: Vec<Token>,
    topic_age: usize,
}

impl Talk {
    /// What was put together since the last time.
    pub fn take(&mut self) -> Vec<Fused> {
        std::mem::take(&mut self.done)
    }

    /// What still waits for an answer, as if none came.
    pub fn end(mut self) -> Vec<Fused> {
        self.give_up();
        self.done
    }

    pub fn hear(&mut self, sentence: Sentence) {
        if is_hallucination(&sentence.tokens) {
            return;
        }
        if sentence.question {
            let plain = |asked: &Sentence| question::of(&asked.tokens).is_some();
            // Those before the last were plain when the last was asked.
            let lists = self
                .waiting
                .last()
                .is_some_and(|last| last.turn == sentence.turn && plain(last) && plain(&sentence));
            if !lists || self.waiting.len() >= MOST_ASKED {
                self.give_up();
            }
            self.waiting.push(sentence);
            return;
        }
        // "How are you? Fine."
        if self.waiting.last().is_some_and(|asked| says_nothing_of(&asked.tokens)) {
            self.waiting.clear();
        }
        let Some(asked) = self.waiting.last() else {
            let topic = self.topic.clone();
            self.tell(sentence, topic);
            return;
        };
        let answer = answer::of(&sentence.tokens);
        let goes_on = asked.turn == sentence.turn && asked.speaker.is_some();
        if goes_on && answer.lead == Lead::None {
            // The one who asks says more before the answer comes.
            self.tell(sentence, Vec::new());
        } else if answer.only_hears {
            self.tell(sentence, Vec::new());
        } else {
            let asked = std::mem::take(&mut self.waiting);
            self.answered(asked, sentence, answer);
        }
    }

    /// Questions that nobody answered.
    fn give_up(&mut self) {
        for question in std::mem::take(&mut self.waiting) {
            self.note_topic(&question.tokens);
            self.done.push(Fused {
                speaker: question.likely,
                tokens: question.tokens,
                question: true,
                ..Fused::default()
            });
        }
    }

    fn tell(&mut self, sentence: Sentence, topic: Vec<Token>) {
        let named = self.note_topic(&sentence.tokens);
        self.done.push(Fused {
            speaker: sentence.likely,
            tokens: sentence.tokens,
            topic: if named { Vec::new() } else { topic },
            ..Fused::default()
        });
    }

    fn answered(&mut self, mut asked: Vec<Sentence>, mut said: Sentence, answer: Answer) {
        let speaker = said.likely;
        let findings: Vec<Asked> = asked
            .iter()
            .filter_map(|question| question::of(&question.tokens))
            .collect();
        let plain = findings.len() == asked.len() && !findings.is_empty();
        let negative = findings.iter().any(|asked| asked.negative);
        let fused = |tokens, reply, asked, presence| Fused {
            tokens,
            speaker,
            reply: Some(reply),
            asked,
            presence,
            ..Fused::default()
        };
        let denies = answer.lead == Lead::No || (negative && answer.lead == Lead::Right);
        let affirms = !negative && asked.len() == 1 && matches!(answer.lead, Lead::Yes | Lead::Right);
        if plain && answer.lead == Lead::No && self.denies_by_name(&asked, &said.tokens, answer.courtesy) {
            for question in &asked {
                self.note_topic(&question.tokens);
            }
            self.tell(said, Vec::new());
            return;
        }
        if plain && (denies || affirms) {
            let mut tokens: Vec<Token> = vec![Token::fixed(if denies { "Denies" } else { "Reports" })];
            for (number, (question, finding)) in asked.iter_mut().zip(&findings).enumerate() {
                if number > 0
                    && let Some(last) = tokens.last_mut()
                {
                    last.mark = ",".into();
                }
                tokens.extend(finding.take(&mut question.tokens));
            }
            self.note_topic(&tokens[1..]);
            let length = tokens.len();
            let rest = said.tokens.split_off(answer.courtesy);
            // What was answered is why the fixed word stands here.
            tokens[0].evidence = said.tokens.iter().flat_map(|token| token.evidence.clone()).collect();
            if let Some(last) = tokens.last_mut() {
                last.mark = if rest.is_empty() { "" } else { answer.joint }.into();
            }
            let known = denies
                && rest
                    .iter()
                    .all(|token| token.is("no") || tokens.iter().any(|said| said.key == token.key));
            if known {
                if let Some(last) = tokens.last_mut() {
                    last.mark = "".into();
                }
            } else {
                tokens.extend(rest);
            }
            let (reply, presence) = if denies {
                (Reply::Denied, Presence::Negated)
            } else {
                (Reply::Affirmed, Presence::Affirmed)
            };
            self.done.push(fused(tokens, reply, length, presence));
            return;
        }
        let long = said.tokens.len() > SHORT_ANSWER && answer.lead == Lead::None;
        let mut named = false;
        for question in &asked {
            named |= self.note_topic(&question.tokens);
        }
        if long {
            let topic = self.topic.clone();
            self.tell(said, topic);
            return;
        }
        let question = &asked[asked.len() - 1].tokens;
        let granted = question::takes_for_granted(question) || question::wants_words(question);
        let presence = match answer.lead {
            _ if granted => Presence::Affirmed,
            Lead::No => Presence::Negated,
            Lead::Unsure => Presence::Possible,
            Lead::Yes | Lead::Right if negative => Presence::Possible,
            Lead::Yes | Lead::Right => Presence::Affirmed,
            Lead::None
                if question
                    .iter()
                    .any(|token| token.is_any(&["family", "anyone", "anybody"])) =>
            {
                Presence::Affirmed
            }
            // "Do you have asthma? I have hay fever."
            Lead::None if self.finding_in(&said.tokens) => Presence::Possible,
            Lead::None => Presence::Affirmed,
        };
        let mut tokens: Vec<Token> = Vec::new();
        let leans = asked.len() == 1 && !named && question::leans(&asked[0].tokens) && self.topic_age <= TOPIC_NEAR;
        let topic = if leans { self.topic.clone() } else { Vec::new() };
        for mut question in asked {
            let led = lead_in(&question.tokens);
            tokens.extend(question.tokens.drain(led..));
        }
        if let Some(last) = tokens.last_mut()
            && !last.mark.contains('?')
        {
            last.mark = "?".into();
        }
        let length = tokens.len();
        // "Does it itch? A little."
        if let Some(first) = said.tokens.first_mut() {
            capitalise(first);
        }
        tokens.extend(said.tokens);
        let mut whole = fused(tokens, Reply::Told, length, presence);
        whole.topic = topic;
        self.done.push(whole);
    }

    /// "No chest pain, but I do get short of breath": of the things that were asked, only those that it names are denied.
    fn denies_by_name(&self, asked: &[Sentence], said: &[Token], courtesy: usize) -> bool {
        let (lead, rest) = said.split_at(courtesy);
        let in_question = |token: &Token| {
            asked
                .iter()
                .flat_map(|question| &question.tokens)
                .any(|t| t.key == token.key)
        };
        let named =
            lead.last().is_some_and(|no| no.is("no") && !no.ends_clause()) && rest.first().is_some_and(in_question);
        let findings = |tokens: &[Token]| {
            let found = matches(tokens);
            found
                .iter()
                .filter(|found| matches!(found.sense, Sense::Finding(_)))
                .count()
        };
        let asked_for: usize = asked.iter().map(|question| findings(&question.tokens)).sum();
        let all_of_it = findings(rest) >= asked_for && rest.iter().all(|token| token.is("no") || in_question(token));
        named && asked_for > 1 && !all_of_it
    }

    fn finding_in(&self, tokens: &[Token]) -> bool {
        matches(tokens)
            .iter()
            .any(|found| matches!(found.sense, Sense::Finding(_)))
    }

    /// Remembers what is being spoken of; says whether these words named something.
    fn note_topic(&mut self, tokens: &[Token]) -> bool {
        let mut findings = matches(tokens).into_iter().filter(|found| {
            // A verb names nothing: "my hand hurts".
            let verb = tokens[found.at].is_any(&["hurt", "hurts", "swells", "swollen", "symptom", "symptoms"]);
            matches!(found.sense, Sense::Finding(_)) && !verb
        });
        let first = findings.next();
        let more = first.is_some_and(|first| findings.any(|next| next.at >= first.end()));
        match first {
            // Of two findings, nobody knows which "it" is.
            Some(_) if more => self.topic.clear(),
            Some(found) => {
                self.topic = tokens[found.at..found.end()].to_vec();
                if let Some(last) = self.topic.last_mut() {
                    last.mark = "".into();
                }
                self.topic_age = 0;
            }
            None => {
                self.topic_age += 1;
                if self.topic_age > TOPIC_LIFE {
                    self.topic.clear();
                }
            }
        }
        first.is_some()
    }
}
