/// What the meter shows as empty, in decibels under full scale: the noise of a quiet room.
const EMPTY: f32 = -60.0;

/// Loudness of a block for the meter: 0 is a quiet room or less, 1 is full scale.
pub fn level(block: &[f32]) -> f32 {
    (1.0 - level_dbfs(block) / EMPTY).clamp(0.0, 1.0)
}

/// Root mean square of a block in decibels under full scale; −∞ for silence. What is no number counts as silence.
pub fn level_dbfs(block: &[f32]) -> f32 {
    let energy: f32 = block.iter().filter(|x| x.is_finite()).map(|x| x * x).sum();
    10.0 * (energy / block.len().max(1) as f32).log10()
}
