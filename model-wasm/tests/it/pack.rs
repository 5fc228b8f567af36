//! A pack loads whole and unaltered, or not at all.

use model_wasm::{
    Device, Transcriber, block_on,
    checkpoint::Checkpoint,
    import::{self, Label, Quantisation},
    pack::{self, Dtype, Manifest},
    tokens::Vocabulary,
    words::Heard,
};
use speech::{Samples, Utterance, protocol::Failure};

use crate::golden;

fn packed(quantisation: Quantisation) -> (Manifest, Vec<Vec<u8>>) {
    let (config, tensors) = golden::checkpoint("wider");
    let pieces = (0..128).map(|id| format!("▁{id}")).collect();
    let checkpoint = Checkpoint {
        config,
        vocabulary: Vocabulary {
            pieces,
            special: vec![0, 1, 2],
            byte_level: false,
        },
        tensors,
    };
    let label = Label {
        name: "tiny".to_owned(),
        demonstration: true,
        licence: "MIT OR Apache-2.0".to_owned(),
        origin: "random numbers".to_owned(),
    };
    import::pack(checkpoint, quantisation, label).expect("the golden networks are complete")
}

fn load(manifest: &Manifest, shards: Vec<Vec<u8>>) -> Result<Transcriber, Failure> {
    Transcriber::load(manifest, shards, &Device::flex())
}

#[track_caller]
fn assert_unsupported(result: Result<Transcriber, Failure>, name: &str) {
    match result.map(|_| ()) {
        Err(Failure::Unsupported { what }) => assert!(what.contains(name), "{what}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_pack_survives_the_disk_and_passes_its_own_check() {
    for quantisation in [Quantisation::F32, Quantisation::Q8, Quantisation::Q4] {
        let (manifest, shards) = packed(quantisation);
        let folder = std::env::temp_dir().join(format!("sotto-pack-{}", std::process::id()));
        import::write_pack(&folder, &manifest, &shards).expect("the temporary folder can be written");
        let (manifest, shards) = import::read_pack(&folder).expect("the pack was just written");
        std::fs::remove_dir_all(&folder).expect("the folder is ours");
        let transcriber = load(&manifest, shards).expect("the pack is whole");
        assert_eq!(block_on(transcriber.self_test()), Ok(()));
    }
}

#[test]
fn quantised_packs_are_small() {
    let bytes = |quantisation| packed(quantisation).0.total_bytes();
    assert!(bytes(Quantisation::Q8) * 10 < bytes(Quantisation::F32) * 8);
    let (manifest, _) = packed(Quantisation::Q8);
    let float = |end: &str| {
        manifest
            .tensors
            .iter()
            .all(|t| !t.name.ends_with(end) || t.dtype == Dtype::F32)
    };
    assert!(
        [
            "conv1.weight",
            "conv2.weight",
            "linear.weight",
            "bias",
            "norm.weight",
            "gamma",
            "emb.weight"
        ]
        .into_iter()
        .all(float)
    );
}

#[test]
fn an_altered_byte_is_found() {
    let (manifest, mut shards) = packed(Quantisation::Q8);
    assert_eq!(pack::verify(&manifest, 0, &shards[0]), Ok(()));
    shards[0][1000] ^= 1;
    let altered = Err(Failure::Altered {
        file: manifest.shards[0].file.clone(),
    });
    assert_eq!(pack::verify(&manifest, 0, &shards[0]), altered);
}

#[test]
fn a_truncated_shard_is_found() {
    let (manifest, mut shards) = packed(Quantisation::Q8);
    shards[0].truncate(5000);
    assert_eq!(
        pack::verify(&manifest, 0, &shards[0]),
        Err(Failure::Altered {
            file: manifest.shards[0].file.clone()
        })
    );
    assert!(load(&manifest, shards).is_err());
}

#[test]
fn a_missing_tensor_is_named() {
    let (mut manifest, shards) = packed(Quantisation::Q8);
    manifest
        .tensors
        .retain(|tensor| tensor.name != "model.decoder.norm.weight");
    assert_unsupported(load(&manifest, shards), "model.decoder.norm.weight");
}

#[test]
fn an_unknown_tensor_is_named() {
    let (mut manifest, shards) = packed(Quantisation::Q8);
    let mut extra = manifest.tensors[0].clone();
    extra.name = "model.decoder.adapter.weight".to_owned();
    manifest.tensors.push(extra);
    assert_unsupported(load(&manifest, shards), "model.decoder.adapter.weight");
}

#[test]
fn a_tensor_of_another_shape_is_named() {
    let (mut manifest, shards) = packed(Quantisation::Q8);
    for tensor in manifest
        .tensors
        .iter_mut()
        .filter(|tensor| tensor.name == "proj_out.weight")
    {
        tensor.shape.reverse();
    }
    assert_unsupported(load(&manifest, shards), "proj_out.weight");
}

#[test]
fn a_tensor_beyond_its_shard_is_refused() {
    let (mut manifest, _) = packed(Quantisation::Q8);
    manifest.tensors[3].offset = usize::MAX - 8;
    let json = serde_json::to_vec(&manifest).expect("a manifest is plain data");
    assert!(matches!(Manifest::parse(&json), Err(Failure::Unsupported { .. })));
}

#[test]
fn a_configuration_of_another_family_is_refused() {
    let (mut manifest, shards) = packed(Quantisation::Q8);
    manifest.config["model_type"] = "wav2vec2".into();
    assert_unsupported(load(&manifest, shards), "model_type");
}

/// Weights that are no numbers must never become a transcript.
#[test]
fn weights_that_are_no_numbers_fail() {
    let (manifest, mut shards) = packed(Quantisation::F32);
    let norm = manifest
        .tensors
        .iter()
        .find(|tensor| tensor.name == "model.decoder.norm.weight")
        .expect("it is there");
    shards[norm.shard][norm.offset..norm.offset + 4].copy_from_slice(&f32::NAN.to_le_bytes());
    let transcriber = load(&manifest, shards).expect("names and shapes are right");
    assert_eq!(block_on(transcriber.self_test()), Err(Failure::BadOutput));
    let utterance = Utterance {
        start: 0,
        samples: Samples::new(vec![700; 8_000]),
    };
    assert_eq!(block_on(transcriber.transcribe(&utterance)), Err(Failure::BadOutput));
}

#[test]
fn lengths_at_the_edges() {
    let (manifest, shards) = packed(Quantisation::F32);
    let transcriber = load(&manifest, shards).expect("the pack is whole");
    let transcribe = |samples: usize| {
        let wave: Vec<i16> = (0..samples).map(|n| ((n * n) % 9_000) as i16).collect();
        block_on(transcriber.transcribe(&Utterance {
            start: 0,
            samples: Samples::new(wave),
        }))
    };
    assert_eq!(transcribe(0), Ok(Heard::default()));
    assert_eq!(transcribe(1_599), Ok(Heard::default()));
    assert!(transcribe(1_600).is_ok());
    let longest = transcriber.network().max_samples();
    assert!(transcribe(longest).is_ok());
    assert!(matches!(transcribe(longest + 1), Err(Failure::Unsupported { .. })));
}
