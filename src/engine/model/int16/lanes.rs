//! Vectors of eight channels on the CPU at hand.
//!
//! A kernel is written once, for [`Lanes`]: two vectors of four on every target (SSE2, NEON, WebAssembly's simd128), or
//! one of eight where an x86-64 CPU has AVX2. Additions and multiplications are never fused and rounding is to the nearest
//! even number, so that all of them give the same bits.

use std::hint::black_box;

use bytemuck::{cast, pod_read_unaligned};
use wide::{f32x4, i16x8, i32x4, i32x8};

use super::layout::Block;

/// Eight lanes as [`Lanes::PARTS`] vectors; where that is 1, the second is not used.
pub(in crate::model) type Eight<Vector> = [Vector; 2];

/// Work that runs with the widest vectors there are.
///
/// Whatever `run` calls has to be `#[inline(always)]`: a function of its own would be compiled for the narrowest CPU.
pub(in crate::model) trait Kernel {
    /// What it gives.
    type Output;
    /// Does it.
    fn run<L: Lanes>(self, lanes: L) -> Self::Output;
}

/// Arithmetic on vectors of eight lanes, part by part.
pub(in crate::model) trait Lanes: Copy {
    /// Vectors that eight lanes take: 1 or 2.
    const PARTS: usize;
    /// A part in single precision.
    type Floats: Copy;
    /// A part in 32-bit integers.
    type Ints: Copy;

    fn splat(self, value: f32) -> Self::Floats;
    fn load(self, block: &Block<f32>, part: usize) -> Self::Floats;
    fn store(self, values: Eight<Self::Floats>) -> Block<f32>;
    fn add(self, left: Self::Floats, right: Self::Floats) -> Self::Floats;
    fn sub(self, left: Self::Floats, right: Self::Floats) -> Self::Floats;
    fn mul(self, left: Self::Floats, right: Self::Floats) -> Self::Floats;
    fn max(self, left: Self::Floats, right: Self::Floats) -> Self::Floats;
    fn min(self, left: Self::Floats, right: Self::Floats) -> Self::Floats;
    /// Rounds numbers of at most 2²² to integers and cuts these to 16 bits.
    fn round(self, values: Eight<Self::Floats>) -> Block<i16>;

    fn zeros(self) -> Self::Ints;
    /// Adds to each output's sum the products of two inputs with its two weights, which stand side by side.
    fn dot(self, inputs: [i16; 2], weights: &[i16; 16], part: usize, sums: Self::Ints) -> Self::Ints;
    fn floats(self, ints: Self::Ints) -> Self::Floats;

    /// Cuts to 0…6.
    #[inline(always)]
    fn relu6(self, value: Self::Floats) -> Self::Floats {
        self.min(self.max(value, self.splat(0.0)), self.splat(6.0))
    }

    /// The same for eight lanes.
    #[inline(always)]
    fn relu6s(self, values: Eight<Self::Floats>) -> Eight<Self::Floats> {
        [self.relu6(values[0]), self.relu6(values[1])]
    }
}

/// The vectors that a machine has.
#[derive(Clone, Copy, Debug)]
pub(in crate::model) enum Machine {
    /// SSE2, NEON, simd128, or none.
    Portable,
    /// x86-64 with AVX2.
    #[cfg(target_arch = "x86_64")]
    Avx2(pulp::x86::V3),
}

impl Machine {
    /// That of this process.
    pub(in crate::model) fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        if let Some(simd) = pulp::x86::V3::try_new() {
            return Self::Avx2(simd);
        }
        Self::Portable
    }

    /// Runs a kernel.
    #[inline]
    pub(in crate::model) fn run<K: Kernel>(self, kernel: K) -> K::Output {
        match self {
            // By a pointer that no optimiser sees through: inlined into one another, the kernels have more values at hand
            // than there are registers, and take twice the time in a browser.
            Self::Portable => black_box(portable::<K> as fn(K) -> K::Output)(kernel),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(simd) => simd.vectorize(avx2::Launch { simd, kernel }),
        }
    }
}

fn portable<K: Kernel>(kernel: K) -> K::Output {
    kernel.run(Portable)
}

/// Two vectors of four.
#[derive(Clone, Copy, Debug)]
struct Portable;

impl Lanes for Portable {
    const PARTS: usize = 2;
    type Floats = f32x4;
    type Ints = i32x4;

    #[inline(always)]
    fn splat(self, value: f32) -> f32x4 {
        f32x4::splat(value)
    }

    #[inline(always)]
    fn load(self, block: &Block<f32>, part: usize) -> f32x4 {
        pod_read_unaligned(bytemuck::bytes_of(&block.as_chunks::<4>().0[part]))
    }

    #[inline(always)]
    fn store(self, values: Eight<f32x4>) -> Block<f32> {
        cast(values)
    }

    #[inline(always)]
    fn add(self, left: f32x4, right: f32x4) -> f32x4 {
        left + right
    }

    #[inline(always)]
    fn sub(self, left: f32x4, right: f32x4) -> f32x4 {
        left - right
    }

    #[inline(always)]
    fn mul(self, left: f32x4, right: f32x4) -> f32x4 {
        left * right
    }

    #[inline(always)]
    fn max(self, left: f32x4, right: f32x4) -> f32x4 {
        left.fast_max(right)
    }

    #[inline(always)]
    fn min(self, left: f32x4, right: f32x4) -> f32x4 {
        left.fast_min(right)
    }

    #[inline(always)]
    fn round(self, values: Eight<f32x4>) -> Block<i16> {
        // Beside 1.5 · 2²³ there is room for no fraction, and the integer stands in the low bits.
        let magic = f32x4::splat(12_582_912.0);
        let ints = values.map(|values| cast::<_, i32x4>(values + magic) - cast::<_, i32x4>(magic));
        i16x8::from_i32x8_saturate(cast::<[i32x4; 2], i32x8>(ints)).to_array()
    }

    #[inline(always)]
    fn zeros(self) -> i32x4 {
        i32x4::ZERO
    }

    #[inline(always)]
    fn dot(self, inputs: [i16; 2], weights: &[i16; 16], part: usize, sums: i32x4) -> i32x4 {
        let inputs: i16x8 = cast(i32x4::splat(cast(inputs)));
        let weights: i16x8 = pod_read_unaligned(bytemuck::bytes_of(&weights.as_chunks::<8>().0[part]));
        sums + inputs.dot(weights)
    }

    #[inline(always)]
    fn floats(self, ints: i32x4) -> f32x4 {
        f32x4::from_i32x4(ints)
    }
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use core::arch::x86_64::{__m256, __m256i};

    use bytemuck::cast;
    use pulp::{NullaryFnOnce, x86::V3};

    use super::{Block, Eight, Kernel, Lanes};

    /// A kernel on its way into a function that is compiled for AVX2.
    pub(super) struct Launch<K> {
        pub(super) simd: V3,
        pub(super) kernel: K,
    }

    impl<K: Kernel> NullaryFnOnce for Launch<K> {
        type Output = K::Output;

        #[inline(always)]
        fn call(self) -> K::Output {
            self.kernel.run(self.simd)
        }
    }

    impl Lanes for V3 {
        const PARTS: usize = 1;
        type Floats = __m256;
        type Ints = __m256i;

        #[inline(always)]
        fn splat(self, value: f32) -> __m256 {
            self.avx._mm256_set1_ps(value)
        }

        #[inline(always)]
        fn load(self, block: &Block<f32>, _: usize) -> __m256 {
            cast(*block)
        }

        #[inline(always)]
        fn store(self, values: Eight<__m256>) -> Block<f32> {
            cast(values[0])
        }

        #[inline(always)]
        fn add(self, left: __m256, right: __m256) -> __m256 {
            self.avx._mm256_add_ps(left, right)
        }

        #[inline(always)]
        fn sub(self, left: __m256, right: __m256) -> __m256 {
            self.avx._mm256_sub_ps(left, right)
        }

        #[inline(always)]
        fn mul(self, left: __m256, right: __m256) -> __m256 {
            self.avx._mm256_mul_ps(left, right)
        }

        #[inline(always)]
        fn max(self, left: __m256, right: __m256) -> __m256 {
            self.avx._mm256_max_ps(left, right)
        }

        #[inline(always)]
        fn min(self, left: __m256, right: __m256) -> __m256 {
            self.avx._mm256_min_ps(left, right)
        }

        #[inline(always)]
        fn round(self, values: Eight<__m256>) -> Block<i16> {
            let ints = self.avx._mm256_cvtps_epi32(values[0]);
            let low = self.avx._mm256_castsi256_si128(ints);
            let high = self.avx2._mm256_extracti128_si256::<1>(ints);
            cast(self.sse2._mm_packs_epi32(low, high))
        }

        #[inline(always)]
        fn zeros(self) -> __m256i {
            self.avx._mm256_setzero_si256()
        }

        #[inline(always)]
        fn dot(self, inputs: [i16; 2], weights: &[i16; 16], _: usize, sums: __m256i) -> __m256i {
            let inputs = self.avx._mm256_set1_epi32(cast(inputs));
            let products = self.avx2._mm256_madd_epi16(inputs, cast(*weights));
            self.avx2._mm256_add_epi32(sums, products)
        }

        #[inline(always)]
        fn floats(self, ints: __m256i) -> __m256 {
            self.avx._mm256_cvtepi32_ps(ints)
        }
    }
}

#[cfg(test)]
pub(in crate::model) mod tests {
    use super::*;

    /// Every kind of machine that there is here.
    pub(in crate::model) fn machines() -> Vec<Machine> {
        vec![Machine::Portable, Machine::detect()]
    }

    struct Round(Block<f32>);

    impl Kernel for Round {
        type Output = Block<i16>;

        #[inline(always)]
        fn run<L: Lanes>(self, lanes: L) -> Block<i16> {
            let mut parts = [lanes.splat(0.0); 2];
            for (part, value) in parts.iter_mut().enumerate().take(L::PARTS) {
                *value = lanes.load(&self.0, part);
            }
            lanes.round(parts)
        }
    }

    #[test]
    fn numbers_are_rounded_to_the_nearest_even_and_cut_at_the_ends() {
        let numbers = [0.5, 1.5, -0.5, -1.5, 32767.4, -40000.0, 100_000.0, -0.0];
        for machine in machines() {
            let found = machine.run(Round(numbers));
            assert_eq!(found, [0, 2, 0, -2, 32767, -32768, 32767, 0], "{machine:?}");
        }
    }
}
