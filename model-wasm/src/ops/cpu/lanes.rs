//! Eight sums at a time, with what the processor has: 128 bits in a browser, 256 on most desktop processors.

#![allow(unsafe_code)] // Vector loads take pointers, and a function for a newer processor may only be called on one.

/// Columns whose sums are kept together.
pub const COLUMNS: usize = 8;

/// Two weights for each of the columns.
pub type Pairs = [u8; 2 * COLUMNS];

/// Sums of products of two 16-bit numbers each.
pub trait Lanes {
    /// Eight 32-bit sums.
    type Sums: Copy;
    /// Pairs widened to 16 bits.
    type Wide: Copy;
    const ZERO: Self::Sums;

    fn widen(pairs: &Pairs) -> Self::Wide;
    /// Adds to each column's sum both of its weights times the two 16-bit numbers in `factors`, low half first.
    fn add_products(sums: Self::Sums, weights: Self::Wide, factors: i32) -> Self::Sums;
    fn numbers(sums: Self::Sums) -> [i32; COLUMNS];
}

/// What can be done with any lanes. `run` must be inlined, to be compiled for the processor that it is called for.
pub trait Work {
    type Output;
    fn run<L: Lanes>(self) -> Self::Output;
}

/// Does the work with the widest lanes that this processor has.
#[cfg(target_arch = "wasm32")]
pub fn fastest<W: Work>(work: W) -> W::Output {
    work.run::<wasm::Simd128>()
}

/// Does the work with the widest lanes that this processor has.
#[cfg(target_arch = "x86_64")]
pub fn fastest<W: Work>(work: W) -> W::Output {
    if is_x86_feature_detected!("avx2") {
        // The processor was just asked.
        unsafe { x86::run(work) }
    } else {
        work.run::<Plain>()
    }
}

/// Does the work with the widest lanes that this processor has.
#[cfg(not(any(target_arch = "wasm32", target_arch = "x86_64")))]
pub fn fastest<W: Work>(work: W) -> W::Output {
    work.run::<Plain>()
}

/// For every processor.
#[cfg(not(target_arch = "wasm32"))]
pub struct Plain;

#[cfg(not(target_arch = "wasm32"))]
impl Lanes for Plain {
    type Sums = [i32; COLUMNS];
    type Wide = Pairs;
    const ZERO: Self::Sums = [0; COLUMNS];

    #[inline(always)]
    fn widen(pairs: &Pairs) -> Pairs {
        *pairs
    }

    #[inline(always)]
    fn add_products(mut sums: Self::Sums, weights: Pairs, factors: i32) -> Self::Sums {
        let (low, high) = (i32::from(factors as i16), factors >> 16);
        for (column, sum) in sums.iter_mut().enumerate() {
            *sum += i32::from(weights[2 * column] as i8) * low + i32::from(weights[2 * column + 1] as i8) * high;
        }
        sums
    }

    #[inline(always)]
    fn numbers(sums: Self::Sums) -> [i32; COLUMNS] {
        sums
    }
}

#[cfg(target_arch = "wasm32")]
mod wasm {
    use core::arch::wasm32::{
        i16x8_load_extend_i8x8, i32x4_add, i32x4_dot_i16x8, i32x4_splat, u64x2, v128, v128_store,
    };

    use super::{COLUMNS, Lanes, Pairs};

    pub struct Simd128;

    impl Lanes for Simd128 {
        type Sums = [v128; 2];
        type Wide = [v128; 2];
        const ZERO: Self::Sums = [u64x2(0, 0); 2];

        #[inline(always)]
        fn widen(pairs: &Pairs) -> Self::Wide {
            // Eight bytes each, inside the sixteen that the reference vouches for.
            unsafe { [0, 8].map(|at| i16x8_load_extend_i8x8(pairs.as_ptr().add(at).cast())) }
        }

        #[inline(always)]
        fn add_products(sums: Self::Sums, weights: Self::Wide, factors: i32) -> Self::Sums {
            let factors = i32x4_splat(factors);
            [0, 1].map(|part| i32x4_add(sums[part], i32x4_dot_i16x8(weights[part], factors)))
        }

        #[inline(always)]
        fn numbers(sums: Self::Sums) -> [i32; COLUMNS] {
            let mut numbers = [0; COLUMNS];
            let (low, high) = numbers.split_at_mut(4);
            // Sixteen bytes each, which is what four numbers are.
            unsafe {
                v128_store(low.as_mut_ptr().cast(), sums[0]);
                v128_store(high.as_mut_ptr().cast(), sums[1]);
            }
            numbers
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use core::arch::x86_64::{
        __m256i, _mm_loadu_si128, _mm256_add_epi32, _mm256_cvtepi8_epi16, _mm256_madd_epi16, _mm256_set1_epi32,
    };

    use super::{COLUMNS, Lanes, Pairs, Work};

    /// Only within [`run`].
    pub struct Avx2;

    #[target_feature(enable = "avx2")]
    pub fn run<W: Work>(work: W) -> W::Output {
        work.run::<Avx2>()
    }

    impl Lanes for Avx2 {
        type Sums = __m256i;
        type Wide = __m256i;
        const ZERO: Self::Sums = unsafe { core::mem::transmute([0_i32; COLUMNS]) };

        #[inline(always)]
        fn widen(pairs: &Pairs) -> Self::Wide {
            unsafe { _mm256_cvtepi8_epi16(_mm_loadu_si128(pairs.as_ptr().cast())) }
        }

        #[inline(always)]
        fn add_products(sums: Self::Sums, weights: Self::Wide, factors: i32) -> Self::Sums {
            unsafe { _mm256_add_epi32(sums, _mm256_madd_epi16(weights, _mm256_set1_epi32(factors))) }
        }

        #[inline(always)]
        fn numbers(sums: Self::Sums) -> [i32; COLUMNS] {
            // Both are eight 32-bit numbers.
            unsafe { core::mem::transmute(sums) }
        }
    }
}
