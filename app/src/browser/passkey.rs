//! Passkeys as a way to open a vault: the authenticator computes a secret from a salt (the PRF extension of
//! [WebAuthn level 3](https://www.w3.org/TR/webauthn-3/#prf-extension)), and the vault key is wrapped with that.

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::problem::PasskeyProblem;

/// A passkey that was made, or was used.
pub struct Passkey {
    pub credential: Vec<u8>,
    /// 32 bytes, secret.
    pub output: Vec<u8>,
}

/// Milliseconds for the person to answer the browser's question.
const PATIENCE: f64 = 120_000.0;

/// True where the browser knows passkeys at all; whether an authenticator computes secrets shows only when it is used.
pub fn available() -> bool {
    credentials().is_some()
}

/// Makes a passkey under this name, and has it compute its secret from the vault's salt.
///
/// # Errors
/// [`PasskeyProblem`].
pub async fn create(name: &str, salt: &[u8; 32]) -> Result<Passkey, PasskeyProblem> {
    let user = object(&[
        ("id", bytes(&random::<16>()?)),
        ("name", name.into()),
        ("displayName", name.into()),
    ]);
    let algorithms = Array::new();
    // ES256 and RS256, which between them every authenticator has.
    for algorithm in [-7, -257] {
        algorithms.push(&object(&[("type", "public-key".into()), ("alg", algorithm.into())]));
    }
    let selection = object(&[
        ("residentKey", "preferred".into()),
        ("userVerification", "required".into()),
    ]);
    let options = object(&[
        ("rp", object(&[("name", "Sotto".into())])),
        ("user", user),
        ("challenge", bytes(&random::<32>()?)),
        ("pubKeyCredParams", algorithms.into()),
        ("authenticatorSelection", selection),
        ("timeout", PATIENCE.into()),
        ("extensions", prf(salt)),
    ]);
    let made = call("create", options).await?;
    let credential = id(&made)?;
    match output(&made) {
        Some(output) => Ok(Passkey { credential, output }),
        // Many authenticators compute only when they are asked again.
        None => ask(&[credential], salt).await,
    }
}

/// Asks for one of these passkeys.
///
/// # Errors
/// [`PasskeyProblem`].
pub async fn ask(credentials: &[Vec<u8>], salt: &[u8; 32]) -> Result<Passkey, PasskeyProblem> {
    let allowed = Array::new();
    for credential in credentials {
        allowed.push(&object(&[("type", "public-key".into()), ("id", bytes(credential))]));
    }
    let options = object(&[
        ("challenge", bytes(&random::<32>()?)),
        ("allowCredentials", allowed.into()),
        ("userVerification", "required".into()),
        ("timeout", PATIENCE.into()),
        ("extensions", prf(salt)),
    ]);
    let used = call("get", options).await?;
    Ok(Passkey {
        credential: id(&used)?,
        output: output(&used).ok_or(PasskeyProblem::NoSecret)?,
    })
}

async fn call(method: &str, options: JsValue) -> Result<JsValue, PasskeyProblem> {
    let credentials = credentials().ok_or(PasskeyProblem::Unavailable)?;
    let method: Function = get(&credentials, method)
        .and_then(|method| method.dyn_into().ok())
        .ok_or(PasskeyProblem::Unavailable)?;
    let asked = method.call1(&credentials, &object(&[("publicKey", options)]));
    let asked: Promise = asked.map_err(problem)?.unchecked_into();
    JsFuture::from(asked).await.map_err(problem)
}

fn id(credential: &JsValue) -> Result<Vec<u8>, PasskeyProblem> {
    let id = get(credential, "rawId").ok_or(PasskeyProblem::Refused)?;
    Ok(Uint8Array::new(&id).to_vec())
}

fn output(credential: &JsValue) -> Option<Vec<u8>> {
    let results: Function = get(credential, "getClientExtensionResults")?.dyn_into().ok()?;
    let results = results.call0(credential).ok()?;
    let first = get(&get(&get(&results, "prf")?, "results")?, "first")?;
    Some(Uint8Array::new(&first).to_vec())
}

fn prf(salt: &[u8; 32]) -> JsValue {
    object(&[("prf", object(&[("eval", object(&[("first", bytes(salt))]))]))])
}

fn credentials() -> Option<JsValue> {
    let navigator = get(&js_sys::global(), "navigator")?;
    get(&js_sys::global(), "PublicKeyCredential")?;
    get(&navigator, "credentials")
}

fn random<const N: usize>() -> Result<[u8; N], PasskeyProblem> {
    let crypto = get(&js_sys::global(), "crypto").ok_or(PasskeyProblem::Unavailable)?;
    let fill: Function = get(&crypto, "getRandomValues")
        .and_then(|fill| fill.dyn_into().ok())
        .ok_or(PasskeyProblem::Unavailable)?;
    let array = Uint8Array::new_with_length(N as u32);
    fill.call1(&crypto, &array).map_err(problem)?;
    let mut drawn = [0; N];
    array.copy_to(&mut drawn);
    Ok(drawn)
}

fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // Setting a property of a fresh plain object cannot fail.
        let _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object.into()
}

fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

fn get(object: &JsValue, name: &str) -> Option<JsValue> {
    let value = Reflect::get(object, &JsValue::from_str(name)).ok()?;
    (!value.is_undefined() && !value.is_null()).then_some(value)
}

fn problem(why: JsValue) -> PasskeyProblem {
    let name = why.dyn_ref::<web_sys::DomException>().map(web_sys::DomException::name);
    match name.as_deref() {
        Some("NotSupportedError" | "SecurityError") => PasskeyProblem::Unavailable,
        Some(_) | None => PasskeyProblem::Refused,
    }
}
