//! MDN's HTTP Observatory without a network: its published rules as far as a site's files and headers decide them.
//!
//! Source: developer.mozilla.org/observatory/docs/tests_and_scoring. Left out is what only a host can earn: redirection to
//! TLS, cookies (there are none), and the list of preloaded names.

/// What the rules look at.
pub struct Seen<'a> {
    /// Of the answer that the page comes in.
    pub headers: &'a [(&'a str, &'a str)],
    pub page: &'a str,
}

/// A rule's name and the points that it gives or takes; 100 are given to begin with.
pub fn grade(seen: &Seen<'_>) -> Vec<(&'static str, i32)> {
    vec![
        ("Content-Security-Policy", content_security_policy(seen)),
        ("Cross-Origin-Resource-Policy", resource_policy(seen)),
        ("Cross-Origin resource sharing", sharing(seen)),
        ("Referrer-Policy", referrer(seen)),
        ("Strict-Transport-Security", transport(seen)),
        ("Subresource integrity", integrity(seen)),
        ("X-Content-Type-Options", sniffing(seen)),
        ("X-Frame-Options", framing(seen)),
    ]
}

impl Seen<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(header, _)| header.eq_ignore_ascii_case(name));
        found.map(|(_, value)| *value)
    }

    /// The sources of a directive, or those of `default-src` where it is missing.
    fn sources(&self, directive: &str) -> Option<&str> {
        let policy = self.header("Content-Security-Policy")?;
        let find = |name: &str| {
            let mut directives = policy.split(';').map(str::trim);
            directives.find_map(|one| one.strip_prefix(name)?.strip_prefix(' '))
        };
        find(directive).or_else(|| find("default-src"))
    }
}

fn content_security_policy(seen: &Seen<'_>) -> i32 {
    let (Some(script), Some(style), Some(object)) = (
        seen.sources("script-src"),
        seen.sources("style-src"),
        seen.sources("object-src"),
    ) else {
        return -25;
    };
    let loose = |sources: &str| {
        ["'unsafe-inline'", "data:", "*", "https:", "http:"]
            .iter()
            .any(|wide| sources.split(' ').any(|one| one == *wide))
    };
    if loose(script) || loose(object) {
        return -20;
    }
    if script.split(' ').any(|source| source == "'unsafe-eval'") {
        return -10;
    }
    if style.contains("'unsafe-inline'") {
        return 0;
    }
    match seen.sources("default-src") {
        Some("'none'") => 10,
        _ => 5,
    }
}

fn resource_policy(seen: &Seen<'_>) -> i32 {
    match seen.header("Cross-Origin-Resource-Policy") {
        Some("same-origin" | "same-site") => 10,
        None => 0,
        Some(_) => -5,
    }
}

fn sharing(seen: &Seen<'_>) -> i32 {
    match seen.header("Access-Control-Allow-Origin") {
        None => 0,
        Some(_) => -50,
    }
}

fn referrer(seen: &Seen<'_>) -> i32 {
    match seen.header("Referrer-Policy") {
        Some("no-referrer" | "same-origin" | "strict-origin" | "strict-origin-when-cross-origin") => 5,
        None => 0,
        Some(_) => -5,
    }
}

fn transport(seen: &Seen<'_>) -> i32 {
    const SIX_MONTHS: u64 = 15_768_000;
    let age = seen
        .header("Strict-Transport-Security")
        .and_then(|value| value.split(';').find_map(|part| part.trim().strip_prefix("max-age=")))
        .and_then(|age| age.parse::<u64>().ok());
    match age {
        Some(age) if age >= SIX_MONTHS => 0,
        Some(_) => -10,
        None => -20,
    }
}

/// Every script of the page names the hash of what it loads.
fn integrity(seen: &Seen<'_>) -> i32 {
    let scripts: Vec<&str> = seen
        .page
        .split("<script ")
        .skip(1)
        .filter_map(|rest| rest.split('>').next())
        .collect();
    let foreign = |script: &&&str| script.contains("src=\"http") || script.contains("src=\"//");
    let named = |script: &&&str| script.contains("integrity=\"sha");
    match scripts.iter().filter(named).count() {
        count if count == scripts.len() => 5,
        _ if scripts.iter().any(|script| foreign(&script) && !named(&script)) => -5,
        _ => 0,
    }
}

fn sniffing(seen: &Seen<'_>) -> i32 {
    match seen.header("X-Content-Type-Options") {
        Some("nosniff") => 0,
        _ => -5,
    }
}

fn framing(seen: &Seen<'_>) -> i32 {
    match seen.header("Content-Security-Policy") {
        Some(policy) if policy.contains("frame-ancestors") => 5,
        _ if seen.header("X-Frame-Options").is_some() => 0,
        _ => -20,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::headers::{TRANSPORT_SECURITY, policy};
    use crate::seal::sealed_page;

    /// All points that the rules above have to give.
    const FULL_MARKS: i32 = 135;

    fn marks(headers: &[(&str, &str)], page: &str) -> i32 {
        100 + grade(&Seen { headers, page })
            .iter()
            .map(|(_, points)| points)
            .sum::<i32>()
    }

    #[test]
    fn the_policy_earns_full_marks_and_every_part_of_it_counts() {
        let page = sealed_page(
            "<script src=\"a.js\"></script><script type=\"module\" src=\"b.js\"></script>",
            |_| Ok(b"script".to_vec()),
        )
        .expect("both scripts are there");
        let policy = policy();
        let mut headers: Vec<(&str, &str)> = policy.iter().map(|(name, value)| (*name, value.as_str())).collect();
        headers.push(TRANSPORT_SECURITY);
        assert_eq!(marks(&headers, &page), FULL_MARKS);

        let counted = [
            "Content-Security-Policy",
            "Cross-Origin-Resource-Policy",
            "Referrer-Policy",
            "Strict-Transport-Security",
            "X-Content-Type-Options",
        ];
        for name in counted {
            let without: Vec<_> = headers.iter().copied().filter(|(header, _)| *header != name).collect();
            assert_eq!(without.len() + 1, headers.len());
            assert!(
                marks(&without, &page) < FULL_MARKS,
                "{name} is missing and nothing says so"
            );
        }
        assert!(marks(&headers, &page.replacen("integrity", "x", 1)) < FULL_MARKS);
        let loosen = |from: &str, to: &str| {
            let loose = policy[0].1.replace(from, to);
            assert_ne!(loose, policy[0].1);
            let mut loosened = headers.clone();
            loosened[0].1 = &loose;
            marks(&loosened, &page)
        };
        assert!(loosen("'wasm-unsafe-eval'", "'unsafe-eval'") < FULL_MARKS);
        assert!(loosen("style-src 'self'", "style-src 'self' 'unsafe-inline'") < FULL_MARKS);
        assert!(loosen("default-src 'none'", "default-src 'self'") < FULL_MARKS);
        assert!(loosen("frame-ancestors 'none'", "x 'none'") < FULL_MARKS);
    }
}
