//! The committed vectors of version 1, made by another implementation: each must open for ever, or fail for ever as its
//! name says.

mod cases;
use cases::{bytes, cases, said};
use vault::v1::{open, unlock};

#[test]
fn every_header_vector_unlocks_or_fails_as_it_says() {
    let vectors = cases("vectors", "header_");
    for (name, vector) in &vectors {
        let outcome = unlock(&bytes(&vector["header"]), &vector["passphrase"]);
        assert_eq!(said(&outcome), vector["expect"], "{name}");
    }
    assert_eq!(vectors.len(), 20);
}

#[test]
fn every_record_vector_opens_or_fails_as_it_says() {
    let header = &cases("vectors", "header_v1")["header_v1"];
    let key = unlock(&bytes(&header["header"]), &header["passphrase"]).expect("the vector of version 1 unlocks");
    let vectors = cases("vectors", "record_");
    for (name, vector) in &vectors {
        let now = vector["now"].parse().expect("seconds");
        match open(&key, &bytes(&vector["sealed"]), now) {
            Ok((head, plaintext)) => {
                assert_eq!("ok", vector["expect"], "{name}");
                assert_eq!(head.id.to_string(), vector["id"], "{name}");
                assert_eq!(head.schema.to_string(), vector["schema"], "{name}");
                assert_eq!(head.revision.to_string(), vector["revision"], "{name}");
                assert_eq!(head.expires_at.to_string(), vector["expires_at"], "{name}");
                assert_eq!(*plaintext, bytes(&vector["plaintext"]), "{name}");
            }
            failed => assert_eq!(said(&failed), vector["expect"], "{name}"),
        }
    }
    assert_eq!(vectors.len(), 27);
}
