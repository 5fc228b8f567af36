//! The worker boundary: whatever bytes come, a message or [`Failure::Protocol`].

use proptest::prelude::*;
use speech::protocol::{
    Backend, BackendChoice, Engine, Event, Failure, Fallback, JobId, ModelRef, Partial, Request, Wordless, decode,
    encode,
};
use speech::{Samples, Segment, SegmentId, Span, Speaker, Utterance, Word};

/// One of each; a variant that is added belongs here.
fn requests() -> Vec<Request> {
    let utterance = Utterance {
        start: u64::MAX,
        samples: Samples::new(vec![0, -1, i16::MIN, i16::MAX]),
    };
    let choices = [BackendChoice::Auto, BackendChoice::WebGpu, BackendChoice::Cpu];
    let model = ModelRef {
        folder: "models/starter/".to_owned(),
    };
    let mut all: Vec<Request> = choices
        .into_iter()
        .map(|backend| Request::Load {
            model: model.clone(),
            backend,
        })
        .collect();
    all.push(Request::Transcribe {
        job: JobId(7),
        utterance: utterance.clone(),
    });
    all.push(Request::Listen {
        job: JobId(8),
        utterance,
    });
    all.push(Request::Cancel { job: JobId(u32::MAX) });
    all.push(Request::Expect {
        terms: vec!["lisinopril".to_owned(), "Sørensen".to_owned()],
        drugs: true,
    });
    for language in [None, Some("es".to_owned())] {
        all.push(Request::Speak { language });
    }
    all
}

/// One of each; a variant that is added belongs here.
fn events() -> Vec<Event> {
    let job = JobId(300);
    let segment = Segment {
        speaker: Some(Speaker::Clinician),
        doubtful: vec![Span { start: 3, end: 9 }],
        words: vec![Word {
            span: Span { start: 0, end: 2 },
            from: 12,
            to: u32::MAX,
            confidence: 97,
        }],
        ..Segment::new(SegmentId(300), 0.25, 1e9, "BP 142/88, 37.5 °C")
    };
    let fallbacks = [
        Fallback::NoWebGpu,
        Fallback::SoftwareAdapter,
        Fallback::NoTimestampQuery,
        Fallback::DeviceRefused,
        Fallback::SelfTestFailed,
        Fallback::DeviceLost,
    ];
    let failures = [
        Failure::Fetch {
            file: "shard-0".to_owned(),
        },
        Failure::Altered { file: String::new() },
        Failure::Unsupported { what: "q4".to_owned() },
        Failure::DeviceLost,
        Failure::BadOutput,
        Failure::Protocol,
    ];
    let mut all = vec![
        Event::Progress {
            done: 0,
            total: u64::MAX,
        },
        Event::Partial {
            job,
            words: Partial {
                confirmed: "BP 142/88,".to_owned(),
                tentative: "37.5 °C".to_owned(),
            },
        },
        Event::Language {
            job,
            code: "es".to_owned(),
        },
        Event::Segment { job, segment },
        Event::Done { job },
        Event::Cancelled { job },
        Event::Expecting {
            terms: 1_700,
            drugs: true,
        },
        Event::Wordless {
            job,
            why: Wordless::NoSpeech,
        },
        Event::Wordless {
            job,
            why: Wordless::Unclear,
        },
    ];
    for (backend, fallback) in fallbacks
        .map(|f| (Backend::Cpu, Some(f)))
        .into_iter()
        .chain([(Backend::WebGpu, None)])
    {
        all.push(Event::Ready(Engine {
            backend,
            fallback,
            model: "starter".to_owned(),
            demonstration: true,
            languages: vec!["en".to_owned(), "yue".to_owned()],
        }));
    }
    for why in failures {
        all.push(Event::Failed {
            job: None,
            why: why.clone(),
        });
        all.push(Event::Failed { job: Some(job), why });
    }
    all
}

#[test]
fn every_message_comes_back_as_it_was() {
    for request in requests() {
        assert_eq!(decode(&encode(&request)), Ok(request));
    }
    for event in events() {
        assert_eq!(decode(&encode(&event)), Ok(event));
    }
}

#[test]
fn truncated_messages_are_refused() {
    for bytes in requests().iter().map(encode).chain(events().iter().map(encode)) {
        for end in 0..bytes.len() {
            assert_eq!(
                decode::<Request>(&bytes[..end])
                    .err()
                    .or(decode::<Event>(&bytes[..end]).err()),
                Some(Failure::Protocol)
            );
        }
    }
    for request in requests() {
        let bytes = encode(&request);
        assert_eq!(decode::<Request>(&bytes[..bytes.len() - 1]), Err(Failure::Protocol));
    }
    for event in events() {
        let bytes = encode(&event);
        assert_eq!(decode::<Event>(&bytes[..bytes.len() - 1]), Err(Failure::Protocol));
    }
}

#[test]
fn trailing_bytes_are_refused() {
    for request in requests() {
        let mut bytes = encode(&request);
        bytes.push(0);
        assert_eq!(decode::<Request>(&bytes), Err(Failure::Protocol));
    }
    for event in events() {
        let mut bytes = encode(&event);
        bytes.push(0);
        assert_eq!(decode::<Event>(&bytes), Err(Failure::Protocol));
    }
}

#[test]
fn debug_output_of_a_job_holds_no_audio() {
    let utterance = Utterance {
        start: 0,
        samples: Samples::new(vec![12_345; 16_000]),
    };
    let shown = format!(
        "{:?}",
        Request::Transcribe {
            job: JobId(1),
            utterance
        }
    );
    assert!(!shown.contains("12345"), "{shown}");
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes: Vec<u8>) {
        let (request, event) = (decode::<Request>(&bytes), decode::<Event>(&bytes));
        prop_assert!(request.is_ok() || request == Err(Failure::Protocol));
        prop_assert!(event.is_ok() || event == Err(Failure::Protocol));
    }

    #[test]
    fn altered_messages_never_panic(which in 0usize..100, at: prop::sample::Index, to: u8) {
        let (requests, events) = (requests(), events());
        let mut bytes = encode(&requests[which % requests.len()]);
        let place = at.index(bytes.len());
        bytes[place] = to;
        let _ = decode::<Request>(&bytes);
        let mut bytes = encode(&events[which % events.len()]);
        let place = at.index(bytes.len());
        bytes[place] = to;
        let _ = decode::<Event>(&bytes);
    }
}
