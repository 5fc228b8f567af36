//! The policy in the words of the common hosts, each made from `headers.rs` at every build: `docs/hosting.md` says who
//! reads which.

use std::path::Path;

use serde_json::{Value, json};

use crate::Outcome;
use crate::headers::{CLEAR, ERASED, TRANSPORT_SECURITY, TYPES, policy};

/// Files and their texts, by their place in the site: what a host looks for at its root, and what it is given by hand.
pub fn files() -> Vec<(&'static str, String)> {
    let headers = headers();
    vec![
        ("_headers", netlify(&headers)),
        (".htaccess", apache(&headers)),
        ("web.config", iis(&headers)),
        ("hosting/nginx.conf", nginx(&headers)),
        ("hosting/Caddyfile", caddy(&headers)),
        ("hosting/cloudfront.json", cloudfront(&headers)),
        ("hosting/Containerfile", CONTAINER.to_owned()),
    ]
}

pub fn write(dist: &Path) -> Outcome {
    for (name, text) in files() {
        let file = dist.join(name);
        let unwritten = |why| format!("{}: {why}", file.display());
        std::fs::create_dir_all(file.parent().expect("a file is in a folder")).map_err(unwritten)?;
        std::fs::write(&file, text).map_err(unwritten)?;
    }
    Ok(())
}

/// A static server that is not root and writes nothing.
const CONTAINER: &str = "\
# docker build --file dist/hosting/Containerfile --tag sotto dist
# docker run --rm --read-only --tmpfs /tmp --cap-drop ALL --publish 8080:8080 sotto
FROM docker.io/nginxinc/nginx-unprivileged:stable-alpine
COPY hosting/nginx.conf /etc/nginx/conf.d/default.conf
COPY . /usr/share/nginx/html
USER 101
EXPOSE 8080
";

type Headers = Vec<(&'static str, String)>;

fn headers() -> Headers {
    let mut headers = policy();
    let (name, value) = TRANSPORT_SECURITY;
    headers.push((name, value.to_owned()));
    // The service worker keeps the files; a host's copy of an old one would only stand in the way of a new version.
    headers.push(("Cache-Control", "no-cache".to_owned()));
    headers
}

fn netlify(headers: &Headers) -> String {
    let lines = headers.iter().map(|(name, value)| format!("  {name}: {value}\n"));
    let (name, value) = CLEAR;
    format!("/*\n{}/{ERASED}\n  {name}: {value}\n", lines.collect::<String>())
}

fn apache(headers: &Headers) -> String {
    let mut text = String::from("<IfModule mod_headers.c>\n");
    for (name, value) in headers {
        text.push_str(&format!("  Header always set {name} \"{value}\"\n"));
    }
    let (name, value) = (CLEAR.0, CLEAR.1.replace('"', "\\\""));
    text.push_str(&format!(
        "  <Files \"{ERASED}\">\n    Header always set {name} \"{value}\"\n  </Files>\n</IfModule>\n"
    ));
    for (ending, kind) in TYPES {
        text.push_str(&format!("AddType \"{kind}\" .{ending}\n"));
    }
    text
}

fn iis(headers: &Headers) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<configuration>\n  <system.webServer>\n    <httpProtocol>\n      <customHeaders>\n",
    );
    for (name, value) in headers {
        text.push_str(&format!(
            "        <remove name=\"{name}\" />\n        <add name=\"{name}\" value=\"{value}\" />\n"
        ));
    }
    text.push_str("      </customHeaders>\n    </httpProtocol>\n    <staticContent>\n");
    for (ending, kind) in TYPES {
        text.push_str(&format!(
            "      <remove fileExtension=\".{ending}\" />\n      <mimeMap fileExtension=\".{ending}\" mimeType=\"{kind}\" />\n"
        ));
    }
    let (name, value) = (CLEAR.0, CLEAR.1.replace('"', "&quot;"));
    text.push_str(&format!(
        "    </staticContent>\n  </system.webServer>\n  <location path=\"{ERASED}\">\n    <system.webServer>\n      <httpProtocol>\n        \
         <customHeaders>\n          <add name=\"{name}\" value=\"{value}\" />\n        </customHeaders>\n      \
         </httpProtocol>\n    </system.webServer>\n  </location>\n</configuration>\n"
    ));
    text
}

fn nginx(headers: &Headers) -> String {
    // A header with an empty value is not sent; one that stood in a location would take the place of all the others.
    let (name, value) = CLEAR;
    let mut text = format!(
        "map $uri $clear {{\n  default \"\";\n  ~/{}$ '{value}';\n}}\n\nserver {{\n  listen 8080;\n  root \
         /usr/share/nginx/html;\n  index index.html;\n  server_tokens off;\n\n  add_header {name} $clear always;\n",
        ERASED.replace('.', "\\.")
    );
    for (name, value) in headers {
        text.push_str(&format!("  add_header {name} \"{value}\" always;\n"));
    }
    text.push_str("\n  default_type application/octet-stream;\n  types {\n");
    for (ending, kind) in TYPES {
        text.push_str(&format!("    \"{kind}\" {ending};\n"));
    }
    text.push_str("  }\n}\n");
    text
}

fn caddy(headers: &Headers) -> String {
    let mut text = String::from(":8080 {\n\troot * /srv\n\theader {\n");
    for (name, value) in headers {
        text.push_str(&format!("\t\t{name} \"{value}\"\n"));
    }
    let (name, value) = CLEAR;
    text.push_str(&format!("\t}}\n\theader */{ERASED} {name} `{value}`\n"));
    text.push_str("\tencode zstd gzip\n\tfile_server\n}\n");
    text
}

/// For `aws cloudfront create-response-headers-policy`, which takes some headers by name and the others as they are.
fn cloudfront(headers: &Headers) -> String {
    const BY_NAME: [&str; 4] = [
        "Content-Security-Policy",
        "Referrer-Policy",
        "X-Content-Type-Options",
        "Strict-Transport-Security",
    ];
    let value = |name: &str| {
        headers
            .iter()
            .find(|(header, _)| *header == name)
            .map(|(_, value)| value)
    };
    let seconds = TRANSPORT_SECURITY
        .1
        .rsplit('=')
        .next()
        .and_then(|age| age.parse::<u64>().ok());
    let others: Vec<Value> = headers
        .iter()
        .filter(|(name, _)| !BY_NAME.contains(name))
        .map(|(name, value)| json!({ "Header": name, "Value": value, "Override": true }))
        .collect();
    let config = json!({
        "Name": "sotto",
        "SecurityHeadersConfig": {
            "ContentSecurityPolicy": { "Override": true, "ContentSecurityPolicy": value(BY_NAME[0]) },
            "ReferrerPolicy": { "Override": true, "ReferrerPolicy": value(BY_NAME[1]) },
            "ContentTypeOptions": { "Override": true },
            "StrictTransportSecurity": {
                "Override": true, "AccessControlMaxAgeSec": seconds, "IncludeSubdomains": false, "Preload": false
            },
        },
        "CustomHeadersConfig": { "Quantity": others.len(), "Items": others },
    });
    format!("{config:#}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_host_is_told_every_header() {
        for (name, text) in files().into_iter().filter(|(name, _)| !name.ends_with("Containerfile")) {
            for (header, value) in policy() {
                let known = name.ends_with("cloudfront.json") && header == "X-Content-Type-Options";
                assert!(known || text.contains(&value), "{name} lacks {header}");
            }
            assert!(text.contains("31536000"), "{name} lacks Strict-Transport-Security");
            // CloudFront's policies do not know the path.
            assert!(
                name.ends_with("cloudfront.json") || text.contains(CLEAR.0),
                "{name} lacks {}",
                CLEAR.0
            );
        }
    }

    #[test]
    fn what_is_xml_and_json_can_be_read() {
        let files = files();
        let text = |ending: &str| &files.iter().find(|(name, _)| name.ends_with(ending)).expect(ending).1;
        serde_json::from_str::<Value>(text("cloudfront.json")).expect("JSON");
        roxmltree::Document::parse(text("web.config")).expect("XML");
    }
}
