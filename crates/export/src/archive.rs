//! A zip archive (APPNOTE 6.3.10) whose parts are stored as they are. A note has a few kilobytes: compressing them would
//! cost the page more than it saves, and a general writer wants streams that a domain crate does not have.

/// `(name, content)` of each part, in order; names in ASCII. The parts have no dates: the same note gives the same bytes.
pub fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for (name, content) in parts {
        let offset = number(out.len());
        let entry = entry(name, content);
        out.extend(b"PK\x03\x04");
        out.extend(&entry);
        out.extend(name.as_bytes());
        out.extend(*content);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&entry);
        // No comment, first disk, no attributes.
        directory.extend([0; 2 + 2 + 2 + 4]);
        directory.extend(offset);
        directory.extend(name.as_bytes());
    }
    let count = u16::try_from(parts.len())
        .expect("a document has few parts")
        .to_le_bytes();
    let (at, size) = (number(out.len()), number(directory.len()));
    out.extend(directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count);
    out.extend(count);
    out.extend(size);
    out.extend(at);
    out.extend([0, 0]);
    out
}

/// What a part's own header and its entry in the directory have in common.
fn entry(name: &str, content: &[u8]) -> Vec<u8> {
    // Version 2.0, no flags, stored, midnight of 1 January 1980.
    let mut entry = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
    entry.extend(checksum(content).to_le_bytes());
    entry.extend(number(content.len()));
    entry.extend(number(content.len()));
    entry.extend(u16::try_from(name.len()).expect("a short name").to_le_bytes());
    entry.extend([0, 0]);
    entry
}

/// CRC-32 (ISO 3309), bit by bit: a library's tables would weigh more in the page than all of the writer.
fn checksum(content: &[u8]) -> u32 {
    let bit = |rest: u32, _| {
        if rest & 1 == 1 {
            rest >> 1 ^ 0xedb8_8320
        } else {
            rest >> 1
        }
    };
    let byte = |rest: u32, byte: &u8| (0..8).fold(rest ^ u32::from(*byte), bit);
    !content.iter().fold(u32::MAX, byte)
}

fn number(size: usize) -> [u8; 4] {
    u32::try_from(size).expect("a note is smaller than 4 GiB").to_le_bytes()
}
