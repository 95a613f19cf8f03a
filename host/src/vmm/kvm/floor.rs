//! The raw costs of this host: what no sandbox on it can go below.

use super::{
    elf::{Access, GuestImage, Segment},
    failure::{Failure, kvm},
    layout::{Layout, address},
    paging::write_tables,
    shell::ShellPool,
    vcpu::Left,
};
use crate::vmm::{Floor, MemorySize};
use hypercell_common::machine::{IMAGE, PAGE, PORT_RETURN};
use kvm_ioctls::Kvm;
use std::time::{Duration, Instant};

/// Exits and ioctls that are measured, after as many that warm up.
const ROUNDS: usize = 2000;
/// VMs that are created; one takes up to some milliseconds.
const CREATIONS: usize = 20;

/// Measures an empty exit, an ioctl of the vCPU, and the creation of a VM.
pub(super) fn measure(kvm_fd: Kvm) -> Result<Floor, Failure> {
    let create = || {
        let vm = kvm_fd.create_vm().map_err(|e| kvm("create a VM", e));
        vm.map(drop)
    };
    let vm_create = median(CREATIONS, create)?;

    // A guest that does nothing but leave: `l: out PORT_RETURN, eax; jmp l`.
    let code = Segment {
        address: IMAGE,
        memory_len: PAGE,
        bytes: vec![0xe7, PORT_RETURN, 0xeb, 0xfc],
        access: Access::ReadExecute,
    };
    let image = GuestImage { entry: IMAGE, segments: vec![code] };
    let small = MemorySize { heap: 1 << 20, stack: PAGE, input: PAGE, output: PAGE };
    let layout = Layout::new(&image, &small)?;
    let pool = ShellPool::start(kvm_fd, &image)?;
    let mut shell = pool.take(address(layout.memory_len()))?;
    write_tables(&mut shell.memory, &image, &layout)?;
    shell.vcpu.start(image.entry, layout.stack.end)?;
    let exit = median(ROUNDS, || match shell.vcpu.run(&shell.memory) {
        Left::Return(_) | Left::Interrupted => Ok(()),
        other => Err(Failure::Image(format!("the measuring guest left by {other:?}"))),
    })?;
    let ioctl = median(ROUNDS, || shell.vcpu.probe())?;
    pool.discard(shell);
    Ok(Floor { exit, ioctl, vm_create })
}

/// The median of `rounds` runs, after as many that are not counted.
fn median(rounds: usize, mut work: impl FnMut() -> Result<(), Failure>) -> Result<Duration, Failure> {
    for _ in 0..rounds {
        work()?;
    }
    let mut samples = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        let started = Instant::now();
        work()?;
        samples.push(started.elapsed());
    }
    samples.sort_unstable();
    Ok(samples.get(rounds / 2).copied().unwrap_or_default())
}
