//! The pages beside the app: each question that vendors are asked has an answer, each answer names tests that are there,
//! and each page says the same in every language.

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

/// Pages beside the app, each of which is there in every language.
const PAPERS: [&str; 8] = [
    "prove",
    "answers",
    "notice",
    "checklist",
    "risk",
    "guide",
    "lost",
    "erased",
];
const LANGUAGES: [&str; 3] = ["en", "es", "de"];

/// What a page is made of, but for its words: these of a tag's attributes, in this order.
const OF_A_TAG: [&str; 12] = [
    "id",
    "class",
    "name",
    "rel",
    "src",
    "type",
    "value",
    "scope",
    "data-fill",
    "data-check",
    "data-word",
    "data-test",
];

/// Phrases under which others reserve the right to train, in each language.
const HIDING: [&str; 18] = [
    "product improvement",
    "service enhancement",
    "aggregate data analysis",
    "model performance optimization",
    "quality assurance using customer data",
    "de-identified data may be retained for research",
    "mejora del producto",
    "mejora del servicio",
    "análisis de datos agregados",
    "optimización del rendimiento del modelo",
    "control de calidad con datos de clientes",
    "los datos desidentificados pueden conservarse para investigación",
    "produktverbesserung",
    "verbesserung des dienstes",
    "auswertung aggregierter daten",
    "optimierung der modellleistung",
    "qualitätssicherung mit kundendaten",
    "deidentifizierte daten dürfen für die forschung aufbewahrt werden",
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
    assert_eq!(pages, PAPERS.len() * LANGUAGES.len());
    assert!(read("public/answers.html").contains("<h2 id=\"policy\">No training</h2>"));
}

/// A translation is the English page in other words: the same parts in the same order, and the same tests named. Its links
/// stay within the language, but for those that say that they lead to another one.
#[test]
fn a_page_is_the_same_in_every_language() {
    for name in PAPERS {
        let english = read(&format!("public/{name}.html"));
        for language in LANGUAGES {
            let file = self::file(name, language);
            let page = read(&format!("public/{file}"));
            assert!(page.contains(&format!("<html lang=\"{language}\"")), "{file}");
            assert_eq!(skeleton(&page), skeleton(&english), "{file}");
            assert_eq!(codes(&page), codes(&english), "{file}");
            let mut others = Vec::new();
            for link in tags(&page).filter(|tag| tag.starts_with("a ")) {
                let to = attribute(link, "href").expect("a link leads somewhere");
                let of = attribute(link, "hreflang").unwrap_or(language);
                let page = to.split('.').next().unwrap_or_default();
                assert!(to == "./" || to == self::file(page, of), "{file} leads to {to}");
                if of != language {
                    assert_eq!((page, attribute(link, "lang")), (name, Some(of)), "{file}");
                    others.push(of);
                }
            }
            assert_eq!(others.len(), LANGUAGES.len() - 1, "{file} leads to {others:?}");
        }
    }
}

fn file(page: &str, language: &str) -> String {
    match language {
        "en" => format!("{page}.html"),
        other => format!("{page}.{other}.html"),
    }
}

/// Every tag with those of its attributes that are no words. A term that stays English has a tag of its own.
fn skeleton(page: &str) -> Vec<String> {
    let kept = tags(page).filter(|tag| !tag.starts_with("span lang="));
    kept.map(|tag| {
        let name = tag.split(' ').next().unwrap_or_default();
        let attributes = OF_A_TAG
            .iter()
            .filter_map(|wanted| Some(format!(" {wanted}={}", attribute(tag, wanted)?)));
        std::iter::once(name.to_owned()).chain(attributes).collect()
    })
    .collect()
}

/// What stands between `<` and `>` where something begins.
fn tags(page: &str) -> impl Iterator<Item = &str> {
    let rests = page.split('<').skip(1).filter(|rest| !rest.starts_with(['/', '!']));
    rests.filter_map(|rest| rest.split('>').next())
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, value) = tag.split_once(&format!(" {name}=\""))?;
    value.split('"').next()
}

fn codes(page: &str) -> Vec<&str> {
    let rests = page.split("<code>").skip(1);
    rests.filter_map(|rest| rest.split("</code>").next()).collect()
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
