//! A guest that attacks on request.

use crate::{engine, engine_of, fails};
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

fn usual() -> (Limits, HostModule) {
    let limits = Limits::default().heap(8 << 20).input(2 << 20).output(2 << 20);
    (limits, HostModule::new("test").function("double", |n: u32| n * 2))
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
    /// With memory of some MiB and a host function `double`, on the VMM that the tests
    /// run on; `None` without a hypervisor.
    #[must_use]
    pub fn new() -> Option<Self> {
        let (limits, host) = usual();
        Self::with(limits, host)
    }

    /// The same on this VMM, for what only that has.
    #[must_use]
    pub fn on(vmm: VmmKind) -> Option<Self> {
        let (limits, host) = usual();
        Some(Self::made(engine_of(vmm)?.vmm(), limits, host))
    }

    /// With these limits and host functions; `None` without a hypervisor.
    #[must_use]
    pub fn with(limits: Limits, host: HostModule) -> Option<Self> {
        Some(Self::made(engine()?.vmm(), limits, host))
    }

    fn made(vmm: VmmKind, limits: Limits, host: HostModule) -> Self {
        let image = hostile_image(vmm);
        let engine = Engine::builder().vmm(vmm).guest_image(image).limits(limits).build().unwrap();
        let mut sandbox = engine.sandbox().host_module(host).build().unwrap();
        let fresh = sandbox.snapshot().unwrap();
        let neighbour = engine.sandbox().build().unwrap();
        Self { engine, sandbox, fresh, neighbour }
    }

    /// What each VMM says or does, where that differs.
    #[must_use]
    pub fn by_vmm<T>(&self, kvm: T, hyperlight: T) -> T {
        match self.engine.vmm() {
            VmmKind::Kvm => kvm,
            _ => hyperlight,
        }
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

    /// Gives an order that is carried out and whose harm shows in the next one, which
    /// ends as an abort of the guest.
    #[track_caller]
    pub fn aborts_later(&mut self, order: &str) -> String {
        println!("{order}");
        self.order(order).unwrap();
        self.aborts("echo")
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
