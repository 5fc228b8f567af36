//! The questions that vendors are asked: each has an answer, and each answer names tests that are there.

use std::path::Path;

/// The twelve of a vendor evaluation and the eight about training, word for word.
const QUESTIONS: [&str; 20] = [
    "Does the vendor sign a BAA?",
    "Is data encrypted at rest and in transit?",
    "Does the vendor hold SOC 2 Type II certification?",
    "What is the data retention policy?",
    "Does the vendor use patient data for model training?",
    "Where is data processed — cloud, on-device, or hybrid?",
    "Who within the vendor organization can access PHI?",
    "Are audit logs available to your practice?",
    "What sub-processors does the vendor use?",
    "What is the breach notification timeline?",
    "Can data be exported or deleted on request?",
    "Does the product support on-device/offline processing?",
    "Does your company use patient encounter data to train, fine-tune, or evaluate AI models?",
    "If yes, what de-identification process is applied? Does it follow HIPAA Safe Harbor or Expert Determination standards?",
    "Can I opt out of data training entirely? Is it opt-in or opt-out by default?",
    "Does the BAA specifically address data use for model improvement?",
    "Are sub-processors (third-party LLM providers, cloud services) also restricted from training on the data?",
    "If I delete my data, is it also removed from any training datasets?",
    "Has an independent audit verified your de-identification and data handling practices?",
    "Where is my data stored, and for how long?",
];

/// Phrases under which others reserve the right to train.
const HIDING: [&str; 6] = [
    "product improvement",
    "service enhancement",
    "aggregate data analysis",
    "model performance optimization",
    "quality assurance using customer data",
    "de-identified data may be retained for research",
];

#[test]
fn every_question_has_an_answer_and_every_answer_a_test() {
    let page = read("public/answers.html");
    let mut answered = 0;
    for question in QUESTIONS {
        let (_, after) = page
            .split_once(&format!("<h3>{question}</h3>"))
            .unwrap_or_else(|| panic!("not asked: {question}"));
        let answer = after.split("</li>").next().expect("the answer ends");
        let named: Vec<&str> = answer
            .split("<code>")
            .skip(1)
            .filter_map(|rest| rest.split("</code>").next()?.split_once(": ").map(|_| rest))
            .filter_map(|rest| rest.split("</code>").next())
            .collect();
        assert!(!named.is_empty(), "no test for: {question}");
        for test in named {
            let (file, name) = test.split_once(": ").expect("a file and a test");
            assert!(read(file).contains(&format!("fn {name}()")), "there is no {test}");
        }
        answered += 1;
    }
    assert_eq!(answered, page.matches("<h3>").count());
}

#[test]
fn nothing_is_said_that_could_hide_training() {
    let mut pages = 0;
    for entry in std::fs::read_dir(root().join("public")).expect("the pages").flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|ending| ending == "html") {
            let text = std::fs::read_to_string(&path).expect("a page is text").to_lowercase();
            for phrase in HIDING {
                assert!(!text.contains(phrase), "{} says: {phrase}", path.display());
            }
            pages += 1;
        }
    }
    assert!(pages >= 6, "{pages} pages");
    assert!(read("public/answers.html").contains("<h2 id=\"policy\">No training</h2>"));
}

fn read(file: &str) -> String {
    let path = root().join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests are a folder of the workspace")
}
