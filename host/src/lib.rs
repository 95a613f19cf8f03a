//! Runs untrusted JavaScript in hardware-isolated micro-VMs.
//!
//! QuickJS runs inside each VM. The host decides what guest code can reach, how
//! long it may run and what state it keeps; a clean VM for every call costs tens of
//! microseconds.
//!
//! ```no_run
//! use hypercell::{Engine, HostModule};
//! use serde_json::{Value, json};
//!
//! let greetings = HostModule::new("greetings").function("pick", |hour: u32| if hour < 12 { "Good morning" } else { "Hello" });
//! let engine = Engine::new()?;
//! let mut sandbox = engine.sandbox().host_module(greetings).build()?;
//! sandbox.add_handler(
//!     "greet",
//!     "import { pick } from 'host:greetings';
//!      function handler(event) {
//!          return { text: `${pick(event.hour)}, ${event.name}!` };
//!      }",
//! )?;
//! let fresh = sandbox.snapshot()?;
//!
//! let answer: Value = sandbox.call("greet", &json!({ "name": "Ada", "hour": 9 }))?;
//! assert_eq!(answer, json!({ "text": "Good morning, Ada!" }));
//! sandbox.restore(&fresh)?; // the next call gets a clean VM
//! # Ok::<(), hypercell::Error>(())
//! ```
//!
//! # The nouns
//!
//! - An [`Engine`] is shared: guest image, hypervisor by its [`VmmKind`], default
//!   [`Limits`].
//! - A [`SandboxBuilder`] says what guest code may see: [`HostModule`]s, limits, the
//!   console.
//! - A [`Sandbox`] is one micro-VM, used through `&mut`.
//! - A [`Snapshot`] is a point in time of a sandbox, to restore it or spawn others,
//!   and to be kept in a file.
//! - An [`InterruptHandle`] stops what runs, from any thread.
//! - [`CallOptions`] and [`CallStats`] go into and come out of single calls.
//! - [`Error`] has a [`kind`](Error::kind), a stable [`code`](Error::code), and for
//!   exceptions of guest code a [`JsError`].
//!
//! It needs Linux on x86-64 with access to `/dev/kvm`, or to `/dev/mshv`.
//!
//! # Cargo features
//!
//! Each way to run VMs, a VMM, is a feature; [`EngineBuilder::vmm`] tells which one an
//! engine gets.
//!
//! - `kvm` (default): Hypercell's own, on `/dev/kvm`.
//! - `hyperlight` (default): through the Hyperlight library, on `/dev/kvm`.
//! - `mshv`: lets `hyperlight` use `/dev/mshv`, at the price of slower restores on
//!   either device.
//!
//! And what the host can do for guest code:
//!
//! - `fetch` (default): [`Fetcher`], an HTTP client that goes where a [`FetchPolicy`] allows.
//! - `typescript` (default): [`typescript::strip`], which takes the types out of a source.

#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
compile_error!("hypercell needs Linux on x86-64");

#[cfg(not(any(feature = "kvm", feature = "hyperlight")))]
compile_error!("hypercell needs a VMM: switch on its cargo feature `kvm` or `hyperlight`, or both");

mod console;
mod engine;
mod error;
#[cfg(feature = "fetch")]
mod fetch;
mod files;
mod folder;
mod hostfn;
mod image;
mod interrupt;
mod limits;
mod monitor;
mod mounts;
mod options;
mod program;
mod runtime;
mod sandbox;
mod snapshot;
mod source;
mod stats;
mod sys;
mod tools;
#[cfg(feature = "typescript")]
pub mod typescript;
mod unwinding;
mod value;
mod vmm;

pub use console::ConsoleLevel;
pub use engine::{Engine, EngineBuilder};
pub use error::{Error, ErrorKind, JsError, Result};
#[cfg(feature = "fetch")]
pub use fetch::{
    FetchError, FetchErrorKind, FetchPolicy, FetchRequest, FetchResponse, Fetcher, RedirectMode,
};
pub use files::{FileEntry, FileLimits, FileTree};
pub use hostfn::{AsyncHostFunction, HostError, HostFunction, HostModule, HostOutcome};
pub use interrupt::InterruptHandle;
pub use limits::Limits;
pub use mounts::Mount;
#[doc(hidden)]
pub use mounts::{MountError, Mounts};
pub use options::CallOptions;
pub use program::{Output, Program, Returned};
pub use sandbox::{FileInfo, FunctionName, Sandbox, SandboxBuilder, Source, Status, YieldStream, Yields};
pub use snapshot::Snapshot;
pub use stats::{CallStats, Termination};
pub use tools::{Tool, Tools};
pub use value::{BigInt, Bytes, Date, ErrorValue, Map, Set, TypedArray, TypedArrayKind, Url, Value};
#[doc(hidden)]
pub use vmm::Floor;
pub use vmm::{VmmChoice, VmmKind};

// What may cross threads and what is cheap to share is part of the contract.
const _: () = {
    const fn shared<T: Clone + Send + Sync>() {}
    const fn movable<T: Send>() {}
    shared::<Engine>();
    shared::<Snapshot>();
    shared::<InterruptHandle>();
    shared::<HostModule>();
    #[cfg(feature = "fetch")]
    shared::<Fetcher>();
    movable::<Sandbox>();
};

/// The examples of the documents compile.
#[cfg(doctest)]
mod documents {
    #[doc = include_str!("../../README.md")]
    struct Readme;
    #[doc = include_str!("../../docs/embedding.md")]
    struct Embedding;
    #[cfg(feature = "fetch")]
    #[doc = include_str!("../../docs/fetch.md")]
    struct Fetch;
    #[doc = include_str!("../../docs/files.md")]
    struct Files;
    #[doc = include_str!("../../docs/programs.md")]
    struct Programs;
    #[cfg(feature = "typescript")]
    #[doc = include_str!("../../docs/typescript.md")]
    struct TypeScript;
    #[doc = include_str!("../../docs/values.md")]
    struct Values;
    #[doc = include_str!("../../docs/snapshots.md")]
    struct Snapshots;
    #[doc = include_str!("../../docs/tools.md")]
    struct Tools;
}
