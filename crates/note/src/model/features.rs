/// What a model sees of a text: hashed names, each with a value.
#[derive(Clone, Debug, Default)]
pub struct Features {
    all: Vec<(u32, f32)>,
}

impl Features {
    pub fn all(&self) -> &[(u32, f32)] {
        &self.all
    }

    /// A feature by its name within a space: `('w', "fever")`.
    pub fn add(&mut self, space: char, name: &str, value: f32) {
        self.all.push((hash(space, &[name]), value));
    }

    /// Words and pairs of neighbours.
    pub fn add_words(&mut self, space: char, words: &[&str], value: f32) {
        for (at, word) in words.iter().enumerate() {
            self.all.push((hash(space, &[word]), value));
            if let Some(next) = words.get(at + 1) {
                self.all.push((hash(space, &[word, next]), value));
            }
        }
    }

    /// Runs of three to five letters within a word, its ends marked.
    pub fn add_letters(&mut self, space: char, word: &str, value: f32) {
        let marked = ["<", word, ">"].concat();
        let starts: Vec<usize> = marked.char_indices().map(|(at, _)| at).chain([marked.len()]).collect();
        for n in 3..=5 {
            for window in starts.windows(n + 1) {
                self.all.push((hash(space, &[&marked[window[0]..window[n]]]), value));
            }
        }
    }

    /// Equal features become one, and the whole gets length one: long texts weigh no more than short ones.
    pub fn normalised(self) -> Self {
        self.normalised_beside(0.0).0
    }

    /// The same with room for one feature more, of this value, and what that becomes.
    pub fn normalised_beside(mut self, value: f32) -> (Self, f32) {
        self.all.sort_unstable_by_key(|(hash, _)| *hash);
        self.all.dedup_by(|new, kept| {
            let same = new.0 == kept.0;
            if same {
                kept.1 += new.1;
            }
            same
        });
        for (_, value) in &mut self.all {
            *value = (1.0 + *value).ln();
        }
        let beside = (1.0 + value).ln();
        let squares: f32 = self.all.iter().map(|(_, value)| value * value).sum();
        let length = (squares + beside * beside).sqrt().max(f32::MIN_POSITIVE);
        self.all.iter_mut().for_each(|(_, value)| *value /= length);
        (self, beside / length)
    }

    pub fn extend(&mut self, other: &Self) {
        self.all.extend_from_slice(&other.all);
    }
}

/// FNV-1a over the space and the words, its bits mixed once more because the low ones choose the bucket.
fn hash(space: char, words: &[&str]) -> u32 {
    let mut state = 0xcbf2_9ce4_8422_2325_u64;
    let mut eat = |byte: u8| state = (state ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    space.encode_utf8(&mut [0; 4]).bytes().for_each(&mut eat);
    for word in words {
        eat(0);
        word.bytes().for_each(&mut eat);
    }
    let mixed = (state ^ (state >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    u32::try_from(mixed >> 32).unwrap_or_default()
}
