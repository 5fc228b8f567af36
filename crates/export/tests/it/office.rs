//! Files open in LibreOffice, and its text is the note's text.

use std::path::Path;
use std::process::Command;

use export::{docx, rtf};

use crate::notes;

#[test]
fn libreoffice_reads_every_line_of_rtf_and_docx() {
    let draft = notes::soap();
    let attestation = notes::attest(&draft);
    let handover = notes::reviewed(&draft, &attestation);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("office-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the files");
    std::fs::write(folder.join("from-rtf.rtf"), rtf(&handover)).expect("the RTF file");
    std::fs::write(folder.join("from-docx.docx"), docx(&handover)).expect("the Word file");
    let output = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}/profile", folder.display()))
        .args(["--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", "."])
        .args(["from-rtf.rtf", "from-docx.docx"])
        .current_dir(&folder)
        .output()
        .expect("`soffice` starts: install LibreOffice Writer (Debian: libreoffice-writer-nogui)");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for name in ["from-rtf.txt", "from-docx.txt"] {
        let text = std::fs::read_to_string(folder.join(name)).expect("LibreOffice wrote the text");
        let lines: Vec<&str> = text
            .trim_start_matches('\u{feff}')
            .lines()
            .filter(|line| !line.is_empty())
            .collect();
        assert_eq!(lines, notes::seen(&handover), "{name}");
    }
    std::fs::remove_dir_all(&folder).expect("the files go again");
}
