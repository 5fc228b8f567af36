use std::fmt;

/// Why audio cannot be taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AudioError {
    /// A device rate outside 8–192 kHz.
    Rate { hertz: u32 },
}

/// Written for the clinician.
impl fmt::Display for AudioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rate { hertz } => write!(
                f,
                "This sound runs at {hertz} samples per second; Sotto needs 8,000 to 192,000. \
                 Choose another microphone, or save the file at 44,100 or 48,000 and open it again."
            ),
        }
    }
}

impl std::error::Error for AudioError {}
