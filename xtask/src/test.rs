//! `cargo xtask test`: every check there is, cheapest first, each of them even when an earlier one failed.

use std::time::{Duration, Instant};

use crate::steps::{self, Tally};
use crate::{Outcome, tools};

type Step = fn() -> Outcome<Tally>;

/// In the order in which they run.
const STEPS: [(&str, Step); 7] = [
    ("fmt", steps::fmt),
    ("clippy", steps::clippy),
    ("guard", steps::guard),
    ("native", steps::native),
    ("build", steps::build),
    ("sizes", steps::sizes),
    ("browser", steps::browser),
];

/// Runs the named steps, or all of them; ends with the line `N passed, N failed`.
pub fn test(only: &[&str]) -> Outcome {
    if let Some(unknown) = only.iter().find(|name| STEPS.iter().all(|(step, _)| step != *name)) {
        let known: Vec<&str> = STEPS.iter().map(|(step, _)| *step).collect();
        return Err(format!("There is no step `{unknown}`; there are {}.", known.join(", ")));
    }
    if only.is_empty() {
        tools::for_test()?;
    }
    let mut rows = Vec::new();
    for (name, step) in STEPS
        .into_iter()
        .filter(|(name, _)| only.is_empty() || only.contains(name))
    {
        println!("\n== {name}");
        let begun = Instant::now();
        let tally = step().unwrap_or_else(|why| {
            println!("{why}");
            Tally::FAILED
        });
        rows.push((name, tally, begun.elapsed()));
    }
    report(&rows)
}

fn report(rows: &[(&str, Tally, Duration)]) -> Outcome {
    println!("\n{:<10} {:>8} {:>8} {:>9}", "step", "passed", "failed", "seconds");
    for (name, tally, took) in rows {
        println!(
            "{name:<10} {:>8} {:>8} {:>9.1}",
            tally.passed,
            tally.failed,
            took.as_secs_f64()
        );
    }
    let passed: u32 = rows.iter().map(|(_, tally, _)| tally.passed).sum();
    let failed: u32 = rows.iter().map(|(_, tally, _)| tally.failed).sum();
    println!("\n{passed} passed, {failed} failed");
    // The line above is the last one and says it all; only the exit code remains to be set.
    if failed == 0 { Ok(()) } else { std::process::exit(1) }
}
