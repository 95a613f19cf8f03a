//! A guest that attacks on request.

use crate::{engine, fails};
use hypercell::{Engine, ErrorKind, HostModule, Limits, Result, Sandbox, Snapshot, Status, VmmKind};
use serde_json::{Value, json};

/// A guest image that does what a guest can do to its host: what a request's
/// target names. See `guest/src/sys/hostile`. Each VMM has one of its own.
#[must_use]
pub fn hostile_image(vmm: VmmKind) -> &'static [u8] {
    match vmm {
        #[cfg(feature = "kvm")]
        VmmKind::Kvm => include_bytes!(env!("HYPERCELL_HOSTILE_IMAGE_KVM")),
        #[cfg(feature = "hyperlight")]
        VmmKind::Hyperlight => include_bytes!(env!("HYPERCELL_HOSTILE_IMAGE_HYPERLIGHT")),
        other => panic!("there is no hostile image for `{other}`"),
    }
}

/// A sandbox that attacks on request, and its neighbour.
#[derive(Debug)]
pub struct Hostile {
    /// Runs the hostile image.
    pub engine: Engine,
    /// The one that attacks.
    pub sandbox: Sandbox,
    /// Its state before.
    pub fresh: Snapshot,
    /// Another one of the same engine.
    pub neighbour: Sandbox,
}

impl Hostile {
    /// With memory of some MiB and a host function `double`.
    #[must_use]
    pub fn new() -> Option<Self> {
        Self::with(
            Limits::default().heap(8 << 20).input(2 << 20).output(2 << 20),
            HostModule::new("test").function("double", |n: u32| n * 2),
        )
    }

    /// With these limits and host functions; `None` without a hypervisor.
    #[must_use]
    pub fn with(limits: Limits, host: HostModule) -> Option<Self> {
        let vmm = engine()?.vmm();
        let image = hostile_image(vmm);
        let engine = Engine::builder().vmm(vmm).guest_image(image).limits(limits).build().unwrap();
        let mut sandbox = engine.sandbox().host_module(host).build().unwrap();
        let fresh = sandbox.snapshot().unwrap();
        let neighbour = engine.sandbox().build().unwrap();
        Some(Self { engine, sandbox, fresh, neighbour })
    }

    /// Gives an order.
    ///
    /// # Errors
    /// As [`Sandbox::call`].
    pub fn order(&mut self, order: &str) -> Result<Value> {
        self.sandbox.call(order, &json!({ "event": 1 }))
    }

    /// Checks that both sandboxes work, the hostile one after a restore.
    #[track_caller]
    pub fn recovers(&mut self) {
        self.sandbox.restore(&self.fresh).unwrap();
        assert_eq!(self.order("echo").unwrap(), json!({ "event": 1 }));
        assert_eq!(self.neighbour.call::<u32>("echo", &7).unwrap(), 7);
    }

    /// Gives an order that must end as an abort of the guest, and returns what the
    /// error says.
    #[track_caller]
    pub fn aborts(&mut self, order: &str) -> String {
        println!("{order}");
        let error = fails(self.order(order), ErrorKind::GuestAbort);
        assert_eq!(self.sandbox.status(), Status::Poisoned);
        fails(self.order("echo"), ErrorKind::Poisoned);
        self.recovers();
        error.to_string()
    }

    /// Gives an order that may end well or as an abort of the guest.
    #[track_caller]
    pub fn aborts_or_survives(&mut self, order: &str) {
        println!("{order}");
        match self.order(order) {
            Ok(_) => assert_eq!(self.sandbox.status(), Status::Ready),
            Err(error) => assert_eq!(error.kind(), ErrorKind::GuestAbort, "{error}"),
        }
        self.recovers();
    }
}
