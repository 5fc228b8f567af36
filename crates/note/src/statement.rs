//! What was understood of a visit: one [`Statement`] for each sentence, or for a question with its answer.

use speech::{Segment, Span, Speaker, Transcript};

use crate::clean::{line, says_nothing_of, without_noise};
use crate::facts::facts;
use crate::fuse::{Fused, Talk};
use crate::numbers::normalise;
use crate::sentences::{Sentence, Sentences};
use crate::turns::Turns;
use crate::words::{Token, extend, written};
use crate::{Evidence, Fact};

/// A sentence, cleaned and with its numbers in digits; or a question and its answer as one.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// Reads as a line: first letter large, a full stop at the end.
    pub text: String,
    /// The words of `text`, in order, and where each was said.
    pub words: Vec<Word>,
    /// All that the statement rests on, in time order; what lies between two words that were kept is part of it.
    pub evidence: Vec<Evidence>,
    /// Who said it, or answered; `None` where not even a guess is due.
    pub speaker: Option<Speaker>,
    /// A question that nobody answered. A question with an answer is no question.
    pub question: bool,
    /// How the question in it was answered; `None` where nothing was asked.
    pub reply: Option<Reply>,
    /// What the talk was about when this was said, where the statement itself does not name it: a finding, in the words
    /// of an earlier statement. A question that leans on it (`when did it start?`) has it before the text.
    pub topic: Option<String>,
    /// In the order in which they stand in `text`.
    pub facts: Vec<Fact>,
}

/// A stretch of a statement's text and what it was made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// Within the statement's text.
    pub at: Span,
    /// Of `Denies` and `Reports` the answer that was given; more than one place where a number was said across two segments.
    pub evidence: Vec<Evidence>,
}

/// How a question was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reply {
    /// `Denies ...`
    Denied,
    /// `Reports ...`
    Affirmed,
    /// Neither yes nor no.
    Told,
}

impl Statement {
    /// Where the words of a stretch of the text were said.
    pub fn evidence_of(&self, at: Span) -> Vec<Evidence> {
        let from = self.words.partition_point(|word| word.at.end <= at.start);
        let inside = self.words[from..].iter().take_while(|word| word.at.start < at.end);
        let mut evidence = Vec::new();
        for place in inside.flat_map(|word| &word.evidence) {
            extend(&mut evidence, *place);
        }
        evidence
    }
}

/// Everything that was said, one statement after the other in time order, without what says nothing.
pub fn understand(transcript: &Transcript) -> Vec<Statement> {
    let mut listener = Listener::default();
    let mut statements: Vec<Statement> = transcript
        .segments()
        .iter()
        .flat_map(|segment| listener.hear(segment))
        .collect();
    statements.extend(listener.end());
    statements
}

/// Understands a visit while it goes on: what it has said once stays said.
#[derive(Clone, Debug, Default)]
pub(crate) struct Listener {
    sentences: Sentences,
    turns: Turns,
    talk: Talk,
}

impl Listener {
    /// The statements that nothing after this segment can change.
    pub fn hear(&mut self, segment: &Segment) -> Vec<Statement> {
        let sentences = self.sentences.hear(segment);
        self.listen(sentences);
        self.talk.take().into_iter().filter_map(statement).collect()
    }

    /// What is still open, as if nothing followed.
    pub fn end(mut self) -> Vec<Statement> {
        let sentences = std::mem::take(&mut self.sentences).end();
        self.listen(sentences);
        self.talk.end().into_iter().filter_map(statement).collect()
    }

    fn listen(&mut self, sentences: Vec<Sentence>) {
        for mut sentence in sentences {
            self.turns.guess(&mut sentence);
            let said = std::mem::take(&mut sentence.tokens);
            sentence.tokens = normalise(without_noise(said));
            if !sentence.tokens.is_empty() {
                self.talk.hear(sentence);
            }
        }
    }
}

fn statement(fused: Fused) -> Option<Statement> {
    let Fused { mut tokens, topic, .. } = fused;
    if fused.reply.is_none() && says_nothing_of(&tokens) {
        return None;
    }
    let topic_text = (!topic.is_empty()).then(|| written(&topic).0.to_lowercase());
    let mut asked = fused.asked;
    let said = tokens.len();
    if fused.reply.is_some() && !topic.is_empty() {
        tokens = about(topic, tokens);
        asked += tokens.len() - said;
    }
    let length = tokens.len();
    let tokens = line(tokens);
    let asked = asked.saturating_sub(length - tokens.len());
    let (text, places) = written(&tokens);
    if text.is_empty() {
        return None;
    }
    let facts = if fused.question {
        Vec::new()
    } else {
        facts(&tokens, &places, asked, fused.presence)
    };
    let mut evidence = Vec::new();
    // The answer is written first and was said last.
    let plain = matches!(fused.reply, Some(Reply::Denied | Reply::Affirmed));
    let first = usize::from(plain && asked > 0);
    let in_time = tokens[first..asked.max(first)]
        .iter()
        .chain(&tokens[..first])
        .chain(&tokens[asked.max(first)..]);
    for place in in_time.flat_map(|token| &token.evidence) {
        bridge(&mut evidence, *place);
    }
    let words = tokens.into_iter().zip(places).map(|(token, at)| Word {
        at,
        evidence: token.evidence,
    });
    Some(Statement {
        words: words.collect(),
        text,
        evidence,
        speaker: fused.speaker,
        question: fused.question,
        reply: fused.reply,
        topic: topic_text,
        facts,
    })
}

/// `chest pain: when did it start? ...`
fn about(mut topic: Vec<Token>, tokens: Vec<Token>) -> Vec<Token> {
    if let Some(last) = topic.last_mut() {
        last.mark = ":".into();
    }
    topic.extend(tokens);
    topic
}

/// As one with the last where both stand in one segment and no more than fillers lie between.
pub(crate) fn bridge(evidence: &mut Vec<Evidence>, new: Evidence) {
    const FILLERS: u32 = 24;
    match evidence.last_mut() {
        Some(last)
            if last.segment == new.segment
                && (last.span.end..=last.span.end.saturating_add(FILLERS)).contains(&new.span.start) =>
        {
            last.span.end = last.span.end.max(new.span.end);
        }
        Some(_) | None => evidence.push(new),
    }
}
