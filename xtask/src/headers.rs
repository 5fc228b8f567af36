//! The headers of every answer: the same for the page, the workers and all else, because each of them is a document or
//! a global scope of its own and takes its policy from the answer that it came in.

/// `(name, value)` of each header that does not depend on the file.
pub const HEADERS: [(&str, &str); 8] = [
    ("Content-Security-Policy", CSP),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Embedder-Policy", "require-corp"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    (
        "Permissions-Policy",
        "microphone=(self), screen-wake-lock=(self), camera=(), geolocation=(), usb=(), serial=(), hid=(), \
         display-capture=(), midi=(), payment=()",
    ),
    // What works offline must work from the service worker's own store, never by luck of the browser's cache.
    ("Cache-Control", "no-store"),
];

/// The own origin and nothing else, for scripts, connections, workers and media; wasm may be compiled, text may not.
pub const CSP: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:; \
    font-src 'self'; media-src 'self' blob:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; \
    form-action 'none'; base-uri 'none'; object-src 'none'; frame-src 'none'; frame-ancestors 'none'";

/// The type of a file by its name.
pub fn content_type(extension: &str) -> &'static str {
    match extension {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "wav" => "audio/wav",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
