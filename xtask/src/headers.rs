//! The one source of the policy: what every answer says, the same for the page, the workers and all else, because each of
//! them is a document or a global scope of its own and takes its policy from the answer that it came in.
//!
//! The build writes it into the pages and the service worker (`seal.rs`) and into files for hosts (`hosting.rs`); `serve`
//! sends it.

/// `(name, value)` of each header that does not depend on the file or the host.
pub fn policy() -> Vec<(&'static str, String)> {
    let fixed = [
        // Chromium: no request of any kind to another origin, navigation included, which the policy above cannot stop.
        ("Connection-Allowlist", "(response-origin)"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Embedder-Policy", "require-corp"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-DNS-Prefetch-Control", "off"),
    ];
    let csp = format!("{}; frame-ancestors 'none'", CSP.join("; "));
    let mut all = vec![("Content-Security-Policy", csp), ("Permissions-Policy", permissions())];
    all.extend(fixed.map(|(name, value)| (name, value.to_owned())));
    all
}

/// The part that a page can say of itself, for hosts that send no headers: a page cannot say who may frame it.
pub fn page_policy() -> String {
    CSP.join("; ")
}

/// Only for hosts that serve over TLS, and of no use to the service worker; in seconds, one year.
pub const TRANSPORT_SECURITY: (&str, &str) = ("Strict-Transport-Security", "max-age=31536000");

/// What is asked for when everything was erased, and the header with which a host that can has the browser delete what
/// may be left of the origin: its databases' files, with the sealed bytes that lie in them a while longer. Browsers obey it
/// in what comes from the network alone, never from a service worker.
pub const ERASED: &str = "erased.txt";
pub const CLEAR: (&str, &str) = ("Clear-Site-Data", "\"cache\", \"storage\"");

/// The own origin and nothing else; wasm may be compiled, text may not; markup and script addresses pass one named policy.
const CSP: [&str; 15] = [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' blob:",
    "font-src 'self'",
    "media-src 'self' blob:",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-src 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types default",
];

/// What Sotto uses itself.
const ALLOWED: [&str; 6] = [
    "microphone",
    "screen-wake-lock",
    "clipboard-write",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "cross-origin-isolated",
];

const DENIED: [&str; 17] = [
    "accelerometer",
    "autoplay",
    "bluetooth",
    "camera",
    "clipboard-read",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "identity-credentials-get",
    "magnetometer",
    "midi",
    "payment",
    "serial",
    "usb",
];

fn permissions() -> String {
    let allowed = ALLOWED.map(|feature| format!("{feature}=(self)"));
    let denied = DENIED.map(|feature| format!("{feature}=()"));
    let all: Vec<String> = allowed.into_iter().chain(denied).collect();
    all.join(", ")
}

/// The type of a file by the ending of its name; anything else is bytes.
pub const TYPES: [(&str, &str); 13] = [
    ("html", "text/html; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("json", "application/json"),
    ("webmanifest", "application/manifest+json"),
    ("wasm", "application/wasm"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("ico", "image/x-icon"),
    ("woff2", "font/woff2"),
    ("wav", "audio/wav"),
    ("txt", "text/plain; charset=utf-8"),
    ("md", "text/plain; charset=utf-8"),
];

pub fn content_type(extension: &str) -> &'static str {
    let known = TYPES.iter().find(|(ending, _)| *ending == extension);
    known.map_or("application/octet-stream", |(_, kind)| kind)
}
