//! The names of drugs that come with the site, from what the FDA publishes.

use std::collections::BTreeSet;
use std::path::Path;

use crate::Outcome;
use crate::cache::checkout;

/// How the list marks names of the Approved Drug Products with Therapeutic Equivalence Evaluations.
const APPROVED: &str = " [ORANGE BOOK]";

/// What a name ends with where it says in which form a drug is sold, which nobody says; and metals and the like, which do
/// not name a drug by themselves.
const FORMS: &str = "acetate acetonide acistrate adipate aluminum ammonium anhydrous arginine aspartate avibutine axetil barium benzathine \
    besylate bitartrate bromide butyrate calcium camsylate carbonate chloride choline chromic cilexetil citrate copper cupric cypionate dihydrate \
    dihydrochloride dimeglumine diphosphate dipivoxil dipropionate disodium disoproxil edisylate enanthate erbumine \
    esylate estolate ethylsuccinate etexilate ferric ferrous fosamil fumarate furoate gluceptate gluconate glutamate hcl hemifumarate \
    hemihydrate hippurate hyclate hydrate hydrobromide hydrochloride hydroxide iodide isethionate lactate lactobionate \
    lysine magnesium malate maleate manganese meglumine mesylate methyl methylsulfate mofetil monohydrate mucate napadisylate napsylate \
    nitrate oleate olamine orotate oxalate palmitate pamoate pentahydrate phosphate pivalate potassium propionate \
    recombinant saccharate salicylate sesquihydrate sodium stearate strontium succinate sulfate tannate tartrate tetrahydrate \
    tosylate trifenatate trihydrate trisodium tromethamine valerate xinafoate zinc";

/// Shorter names are everyday words.
const SHORTEST: usize = 5;

/// `drugs UNII_NAMES.txt OUT`: names of approved drugs, and those of the note's own list that the FDA knows.
pub fn drugs(names: &Path, out: &Path) -> Outcome {
    let read = |path: &Path| std::fs::read_to_string(path).map_err(|why| format!("{}: {why}", path.display()));
    let names = list(&read(names)?, &read(&checkout().join("crates/note/data/drugs.txt"))?);
    let head = "# Names of drugs. Where they come from is said in README.md beside this file.\n";
    let text: String = names.iter().map(|name| format!("{name}\n")).collect();
    std::fs::write(out, format!("{head}{text}")).map_err(|why| format!("{}: {why}", out.display()))?;
    println!("{} names", names.len());
    Ok(())
}

/// Of lines of a name, its kind, a code and the substance, with tabs between.
fn list(published: &str, own: &str) -> BTreeSet<String> {
    let known: BTreeSet<String> = published
        .lines()
        .filter_map(|line| line.split('\t').next())
        .map(|name| name.split(" [").next().unwrap_or(name).to_lowercase())
        .collect();
    let approved = published
        .lines()
        .filter_map(|line| line.split('\t').next()?.strip_suffix(APPROVED));
    let own = own
        .lines()
        .filter(|line| !line.starts_with(['#', '[']))
        .flat_map(|line| line.split(','))
        .map(|name| name.trim().to_owned())
        .filter(|name| known.contains(name));
    let spoken = approved.filter_map(|name| spoken(&name.to_lowercase()));
    spoken.chain(own).filter(|name| name.len() >= SHORTEST).collect()
}

/// A name as it is said, without the form of the drug; nothing for what is a formula.
fn spoken(name: &str) -> Option<String> {
    let words: Vec<&str> = name.split_whitespace().collect();
    let forms: Vec<&str> = FORMS.split_whitespace().collect();
    let last = words.iter().rposition(|word| !forms.contains(word));
    let core = last.map_or(words.len(), |last| last + 1);
    let plain = |word: &&str| word.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    // All of a salt's name may be such words.
    let said = &words[..core];
    (said.len() <= 2 && said.iter().all(plain)).then(|| said.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_are_said() {
        let published = "LISINOPRIL [ORANGE BOOK]\tcn\tE7\tLISINOPRIL\n\
            METOPROLOL SUCCINATE [ORANGE BOOK]\tcn\t1\tX\nPOTASSIUM CHLORIDE [ORANGE BOOK]\tcn\t2\tX\n\
            GALLIUM DOTATOC GA-68 [ORANGE BOOK]\tcn\t3\tX\nIRON [ORANGE BOOK]\tcn\t3\tX\n\
            ELIQUIS\tbn\t4\tAPIXABAN\nNOT APPROVED [INN]\tcn\t5\tX\n";
        let own = "# a remark\n[blood]\napixaban, eliquis, blood thinner\n";
        let names: Vec<String> = list(published, own).into_iter().collect();
        assert_eq!(names, ["eliquis", "lisinopril", "metoprolol", "potassium chloride"]);
    }
}
