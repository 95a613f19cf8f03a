//! What the VMMs put in a snapshot's file, taken apart and put together by the tables
//! in `docs/snapshots.md` and nothing else.

use hypercell::VmmKind;
use serde_json::Value;
use std::collections::BTreeMap;

/// Bytes of a page.
const PAGE: usize = 4096;
/// Bytes of a payload of `kvm` before its runs.
const STATE_LEN: usize = 184;

/// The payload of one VMM, each part of which a test may change.
pub trait Payload {
    /// The VMM.
    const VMM: VmmKind;

    /// Reads a good payload.
    #[must_use]
    fn read(payload: &[u8]) -> Self;

    /// The payload with this state.
    #[must_use]
    fn payload(&self) -> Vec<u8>;
}

/// The payload of the VMM `kvm`.
#[derive(Debug, Clone)]
pub struct KvmState {
    /// First address that a guest can write.
    pub start: u64,
    /// One past the last address of the heap.
    pub end: u64,
    /// CPUID leaf 1 `ecx`, leaf 7 `ebx`, leaf 7 `ecx`.
    pub features: [u32; 3],
    /// Bytes that are zero.
    pub zero: u32,
    /// `rax rbx rcx rdx rsi rdi rsp rbp r8 … r15 rip rflags`.
    pub registers: [u64; 18],
    /// The number of runs that the payload tells, when it is not true.
    pub false_count: Option<u64>,
    /// Address, alleged bytes, content.
    pub runs: Vec<(u64, u64, Vec<u8>)>,
}

impl KvmState {
    /// Index of `rsp` in the registers.
    pub const RSP: usize = 6;
    /// Index of `rip`.
    pub const RIP: usize = 16;
    /// Index of `rflags`.
    pub const RFLAGS: usize = 17;

    /// The pages that are not all zeros, by their addresses.
    #[must_use]
    pub fn pages(&self) -> BTreeMap<u64, &[u8]> {
        let pages = |run: &'_ (u64, u64, Vec<u8>)| (run.0..).step_by(PAGE);
        let all = self.runs.iter().flat_map(|run| pages(run).zip(run.2.chunks(PAGE)));
        all.filter(|(_, page)| page.iter().any(|byte| *byte != 0)).collect()
    }
}

impl Payload for KvmState {
    const VMM: VmmKind = VmmKind::Kvm;

    fn read(payload: &[u8]) -> Self {
        let word = |at: usize| u64::from_le_bytes(payload[at..at + 8].try_into().unwrap());
        let half = |at: usize| u32::from_le_bytes(payload[at..at + 4].try_into().unwrap());
        let mut runs = Vec::new();
        let mut at = STATE_LEN;
        for _ in 0..word(176) {
            let (address, bytes) = (word(at), word(at + 8));
            let end = at + 16 + usize::try_from(bytes).unwrap();
            runs.push((address, bytes, payload[at + 16..end].to_vec()));
            at = end;
        }
        assert_eq!(at, payload.len());
        Self {
            start: word(0),
            end: word(8),
            features: [half(16), half(20), half(24)],
            zero: half(28),
            registers: std::array::from_fn(|n| word(32 + 8 * n)),
            false_count: None,
            runs,
        }
    }

    fn payload(&self) -> Vec<u8> {
        let mut bytes = [self.start.to_le_bytes(), self.end.to_le_bytes()].concat();
        bytes.extend(self.features.iter().flat_map(|word| word.to_le_bytes()));
        bytes.extend(self.zero.to_le_bytes());
        bytes.extend(self.registers.iter().flat_map(|word| word.to_le_bytes()));
        bytes.extend(self.false_count.unwrap_or(self.runs.len() as u64).to_le_bytes());
        for (address, length, content) in &self.runs {
            bytes.extend(address.to_le_bytes());
            bytes.extend(length.to_le_bytes());
            bytes.extend(content);
        }
        bytes
    }
}

/// The payload of the VMM `hyperlight`.
#[derive(Debug, Clone)]
pub struct HyperlightState {
    /// The configuration, JSON text.
    pub config: Vec<u8>,
    /// Pages, and behind them page tables.
    pub memory: Vec<u8>,
    /// The lengths of the two that the payload tells, when they are not true.
    pub false_lengths: Option<[u64; 2]>,
}

impl HyperlightState {
    /// Changes the configuration.
    pub fn configure(&mut self, change: impl FnOnce(&mut Value)) {
        let mut config = self.config();
        change(&mut config);
        self.config = config.to_string().into_bytes();
    }

    /// The configuration.
    #[must_use]
    pub fn config(&self) -> Value {
        serde_json::from_slice(&self.config).unwrap()
    }

    /// A number of the configuration.
    #[must_use]
    pub fn number(&self, place: &str) -> u64 {
        self.config().pointer(place).unwrap().as_u64().unwrap()
    }

    /// The page tables: the last bytes of the memory, the root table first.
    pub fn tables(&mut self) -> &mut [u8] {
        let pages = usize::try_from(self.number("/layout/snapshot_size")).unwrap();
        &mut self.memory[pages..]
    }

    /// The memory from where a call enters the guest, at CPL0.
    pub fn entry(&mut self) -> &mut [u8] {
        // Code that saves six registers, and the stack pointer in a variable.
        let saves =
            [0x41, 0x57, 0x41, 0x56, 0x41, 0x55, 0x41, 0x54, 0x55, 0x53, 0x3e, 0x48, 0x89, 0x24, 0x25];
        let at = self.memory.windows(saves.len()).position(|bytes| bytes == saves).unwrap();
        let offset = usize::try_from(self.number("/entrypoint_addr")).unwrap() % PAGE;
        &mut self.memory[at / PAGE * PAGE + offset..]
    }

    /// The memory from where the guest gets ready for a snapshot.
    pub fn checkpoint(&mut self) -> &mut [u8] {
        // `lea rax` of the entry, and an undefined instruction.
        let found = |bytes: &[u8]| bytes[..3] == [0x48, 0x8d, 0x05] && bytes[7..] == [0x0f, 0x0b];
        let at = self.entry().windows(9).position(found).unwrap();
        &mut self.entry()[at..]
    }
}

impl Payload for HyperlightState {
    const VMM: VmmKind = VmmKind::Hyperlight;

    fn read(payload: &[u8]) -> Self {
        let length = |at: usize| usize::try_from(u64::from_le_bytes(payload[at..at + 8].try_into().unwrap()));
        let (config, memory) = payload[16..].split_at(length(0).unwrap());
        assert_eq!(memory.len(), length(8).unwrap());
        Self { config: config.into(), memory: memory.into(), false_lengths: None }
    }

    fn payload(&self) -> Vec<u8> {
        let lengths = [&self.config, &self.memory].map(|part| part.len() as u64);
        let lengths = self.false_lengths.unwrap_or(lengths).map(u64::to_le_bytes);
        [&lengths.concat()[..], &self.config, &self.memory].concat()
    }
}
