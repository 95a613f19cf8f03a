//! Instructions that a guest may find by CPUID. Guest code that looked once may keep
//! the answer in its memory, and so in a snapshot.

use kvm_bindings::CpuId;

/// Registers of CPUID that are compared: leaf 1 `ecx`, leaf 7 `ebx`, leaf 7 `ecx`.
pub(super) const WORDS: usize = 3;

/// What CPUID says of instructions that a program can use in this machine, as a bit
/// each. Those that need state which `XCR0` does not allow are none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Features(pub(super) [u32; WORDS]);

/// Register of [`WORDS`], bit, name (SDM 2A, CPUID).
const NAMES: [(usize, u32, &str); 30] = [
    (0, 0, "sse3"),
    (0, 1, "pclmulqdq"),
    (0, 9, "ssse3"),
    (0, 12, "fma"),
    (0, 13, "cmpxchg16b"),
    (0, 19, "sse4.1"),
    (0, 20, "sse4.2"),
    (0, 22, "movbe"),
    (0, 23, "popcnt"),
    (0, 25, "aes"),
    (0, 26, "xsave"),
    (0, 28, "avx"),
    (0, 29, "f16c"),
    (0, 30, "rdrand"),
    (1, 3, "bmi1"),
    (1, 5, "avx2"),
    (1, 8, "bmi2"),
    (1, 9, "erms"),
    (1, 11, "rtm"),
    (1, 18, "rdseed"),
    (1, 19, "adx"),
    (1, 23, "clflushopt"),
    (1, 24, "clwb"),
    (1, 29, "sha"),
    (2, 8, "gfni"),
    (2, 9, "vaes"),
    (2, 10, "vpclmulqdq"),
    (2, 22, "rdpid"),
    (2, 27, "movdiri"),
    (2, 28, "movdir64b"),
];

impl Features {
    /// What guests with this CPUID find.
    pub(super) fn of(cpuid: &CpuId) -> Self {
        let leaf =
            |function| cpuid.as_slice().iter().find(|leaf| leaf.function == function && leaf.index == 0);
        let (one, seven) = (leaf(1), leaf(7));
        let words = [one.map(|leaf| leaf.ecx), seven.map(|leaf| leaf.ebx), seven.map(|leaf| leaf.ecx)];
        let mut features = Self(words.map(Option::unwrap_or_default));
        for (at, word) in features.0.iter_mut().enumerate() {
            *word &= NAMES.iter().filter(|name| name.0 == at).fold(0, |mask, name| mask | 1 << name.1);
        }
        features
    }

    /// The names of those that `self` has and `here` lacks.
    pub(super) fn missing_in(self, here: Self) -> Vec<String> {
        let mut missing = Vec::new();
        for (at, (there, here)) in self.0.into_iter().zip(here.0).enumerate() {
            for bit in (0..u32::BITS).filter(|bit| there & !here & 1 << bit != 0) {
                let named = NAMES.iter().find(|name| (name.0, name.1) == (at, bit));
                missing.push(named.map_or_else(|| format!("word {at} bit {bit}"), |name| name.2.into()));
            }
        }
        missing
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use kvm_bindings::kvm_cpuid_entry2;

    #[test]
    fn instructions_of_a_program_are_compared_and_nothing_else() {
        let leaf = |function, index, word| kvm_cpuid_entry2 {
            function,
            index,
            ebx: word,
            ecx: word,
            ..Default::default()
        };
        let all = [leaf(1, 0, u32::MAX), leaf(7, 0, u32::MAX), leaf(7, 1, 0)];
        let all = Features::of(&CpuId::from_entries(&all).unwrap());
        let old = Features::of(&CpuId::from_entries(&[leaf(1, 0, 1 << 19 | 1 << 31)]).unwrap());

        assert_eq!(old, Features([1 << 19, 0, 0]), "the bit of hypervisors is no instruction");
        assert_eq!(old.missing_in(all), [""; 0]);
        assert_eq!(all.missing_in(old).len(), NAMES.len() - 1);
        assert_eq!(Features([1 << 12, 1 << 5, 1]).missing_in(old), ["fma", "avx2", "word 2 bit 0"]);
    }
}
